/**
 * Conversations of the page that keep all rules but one, fed with frames by a test.
 *
 * Each entry is the rule as someone might have written who did not know what it is for.
 */
(async ({ without, rev, steps }) => {
  const { Conversation } = await import("/static/js/protocol/conversation.js");

  const broken = {
    1: class extends Conversation {
      startAt(rev) {
        super.startAt(0);
        this.hear(rev);
      }
    },
    2: class extends Conversation {
      live(event) {
        this.hear(event.rev);
        if (event.type === "message") this.messages.set(event.seq, event);
        else this.change(event);
        this.own = event.rev;
        return [event];
      }
    },
    3: class extends Conversation {
      ask() {
        return null;
      }
    },
    4: class extends Conversation {
      delta(delta) {
        this.awaited = "";
        for (const item of delta.items) this.messages.set(item.seq, item);
        this.own = Math.max(this.own, delta.to);
        return delta.items;
      }
    },
    5: class extends Conversation {
      change(change) {
        const message = this.messages.get(change.seq);
        if (message) this.messages.set(change.seq, { ...message, text: change.text, rev: change.rev });
      }
    },
    6: class extends Conversation {
      acknowledged(message) {
        super.acknowledged(message);
        this.own = Math.max(this.own, message.rev);
      }
    },
    7: class extends Conversation {
      reset() {}
    },
  };

  const conversation = new (broken[without] ?? Conversation)(1, rev);
  // Everything from the beginning is loaded, so that all of it is shown.
  conversation.start = 1;
  const results = steps.map(([what, ...given]) => conversation[what](...given));
  const { own, heard, held } = conversation;
  return { results, own, heard, held: held.size, texts: conversation.shown().map(({ text }) => text) };
})
