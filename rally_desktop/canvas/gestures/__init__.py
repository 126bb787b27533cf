"""What one does with the mouse: objects that start, move, finish or are called off."""
