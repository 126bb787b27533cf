"""The sheet on which workflows are drawn."""
