/** The emoji to react with: those one reaches for first, and a few more. */

export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"];

export const GRID = [
  QUICK,
  ["😀", "😊", "😍", "😘", "😎", "🤔", "😴", "😉"],
  ["😅", "😭", "😡", "😱", "🤣", "🙄", "🤗", "😇"],
  ["👏", "👌", "💪", "👋", "🤝", "👎", "👀", "🙌"],
  ["✅", "❌", "⭐", "💯", "🎂", "🌹", "☕", "🍻"],
];
