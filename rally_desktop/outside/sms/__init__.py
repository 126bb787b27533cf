"""Text messages: one file a gateway, and what they have in common."""
