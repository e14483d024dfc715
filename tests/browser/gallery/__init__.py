"""The pictures of ``docs/screenshots``: what is shown, by whom, and in which looks."""
