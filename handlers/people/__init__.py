"""Who people are, and in which language they read."""
