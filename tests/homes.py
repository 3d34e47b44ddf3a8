"""App Homes without a database behind them."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.request import Person
from bot.service.home import HomeContents, HomeService
from handlers.i18n import Translations
from handlers.messages.home import Homes
from tests.ports import FakeDirectory


class ScriptedHome(HomeService):
    """Shows everybody the same Home; `asked` has who looked, and from which offsets."""

    def __init__(self, contents: HomeContents | None = None) -> None:
        object.__setattr__(self, "contents", contents or HomeContents())
        object.__setattr__(self, "asked", [])

    async def of(self, person: Person, waiting: int = 0, mine: int = 0) -> HomeContents:
        """Return what the test wants shown."""
        self.__dict__["asked"].append((person, waiting, mine))
        contents: HomeContents = self.__dict__["contents"]
        return contents


def homes(client: AsyncWebClient, service: HomeService | None = None) -> Homes:
    """Publish Homes through a client."""
    return Homes(client, Translations.read(), FakeDirectory(down=True), service or ScriptedHome())
