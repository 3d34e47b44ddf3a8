"""The slash command: its sub-commands and their grammar."""
