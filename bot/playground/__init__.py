"""A local Slack and a local cloud that speak the real wire protocols; they know nothing of the bot."""
