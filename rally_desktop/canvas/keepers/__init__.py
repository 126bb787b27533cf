"""Keepers, one for each kind of item: what stands on the stage is what is near the view."""
