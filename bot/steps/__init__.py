"""What the bot does next in each status: a step looks at the world and returns what to write."""

from bot.steps.steps import RequestSteps

__all__ = ["RequestSteps"]
