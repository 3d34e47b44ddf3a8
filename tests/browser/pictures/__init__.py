"""Pictures of the real page, for people to look at: every card, form, list and Home that the bot draws."""
