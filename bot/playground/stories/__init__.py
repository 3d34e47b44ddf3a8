"""Stories that play in the playground, on the page or in the terminal, each ending with a check."""

from bot.playground.stories import approvals, machines, main_job, people, trouble
from bot.playground.stories.story import Story, perform
from bot.playground.stories.telling import Kind, Line, StoryFailed, Tell

__all__ = ["MAIN", "STORIES", "Kind", "Line", "Story", "StoryFailed", "Tell", "perform"]

MAIN = main_job.STORY
_ALL = (MAIN, *people.STORIES, *approvals.STORIES, *machines.STORIES, *trouble.STORIES)
STORIES = {story.name: story for story in _ALL}
