"""Writing letters: the window in which one writes, and what becomes of a letter once it is sent."""
