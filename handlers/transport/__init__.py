"""How the bot and Slack reach each other."""
