"""The workflow as a picture: drawn off the screen, in light, as vectors or pixels, on pages."""
