"""Small pieces that panels are made of, each a widget with one script and no knowledge of phone numbers."""
