"""What stands on the sheet: pictures made once and shown by Qt's own items."""
