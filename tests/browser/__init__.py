"""Real Chromium against a real ``twistd`` process."""
