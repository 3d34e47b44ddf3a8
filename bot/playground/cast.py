"""The playground's personas, their channels and groups, and the allowlist that applies to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.playground.slack.state import Channel, User, Usergroup

ALICE = "U0ALICE"  # asks for images
BOB = "U0BOB"  # approves, for operations
CAROL = "U0CAROL"  # approves, for security
DAVE = "U0DAVE"  # has no permissions
MEI = "U0MEI"  # requests images, in Chinese

IMAGES = "C0IMAGES"
SECURE = "C0SECURE"
GENERAL = "C0GENERAL"

WORKSTATION = "ws-0buj1s9gm000001"
DESKTOP = "ecd-7w78ozhjcwa3u0001"

ALLOWLIST = """\
# The playground's allowlist. Change it while the bot runs: the next answer follows it.
policies:
  image-requester:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: appstreaming:CreateImageByInstance
        Resource: "*"
      - Effect: Deny
        Action: appstreaming:CreateImageByInstance
        Resource: "acs:appstreaming:*:*:instance/ws-secret*"
      - Effect: Allow
        Action:
          - appstreaming:StopWuyingServer
          - ecd:StopDesktops
          - appstreaming:StartTaskForDistributeImage
        Resource: "*"
  image-approver:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: ["imagebot:ApproveImageRequest", "imagebot:ReadRequests"]
        Resource: "*"
  image-operator:
    Version: "1"
    Statement:
      - Effect: Allow
        Action: ["imagebot:CancelImageRequest", "imagebot:BypassApproval"]
        Resource: "*"
attachments:
  - {users: [U0ALICE, U0MEI], policies: [image-requester]}
  - {usergroups: [S0OPS], policies: [image-requester, image-approver, image-operator]}
  - {usergroups: [S0SEC], policies: [image-approver]}
approvals:
  - name: wiping-needs-two
    when: {Bool: {"appstreaming:AutoCleanUserdata": "true"}}
    quorum: [{usergroups: [S0OPS], count: 1}, {usergroups: [S0SEC], count: 1}]
    expires: 4h
    remind: 1h
"""


@dataclass(frozen=True)
class Cast:
    """Who is in the workspace, and the allowlist's text; `policy_files` go next to it, by path."""

    people: tuple[User, ...]
    channels: tuple[Channel, ...]
    usergroups: tuple[Usergroup, ...]
    allowlist: str
    image_channel: str
    policy_files: Mapping[str, str] = field(default_factory=dict)


def default_cast() -> Cast:
    """Return the playground's own cast, with fresh values each time because channels change."""
    return Cast(
        people=(
            User(ALICE, "alice", "Alice", title="asks for images", tz="Europe/Berlin", tz_offset=3600),
            User(BOB, "bob", "Bob", title="approves for operations", tz="America/New_York", tz_offset=-18000),
            User(CAROL, "carol", "Carol", title="approves for security", tz="Europe/London"),
            User(DAVE, "dave", "Dave", title="may do nothing", tz="Europe/London"),
            User(
                MEI,
                "mei",
                "Mei",
                title="asks in Chinese",
                locale="zh-CN",
                tz="Asia/Shanghai",
                tz_offset=28800,
            ),
        ),
        channels=(
            Channel(IMAGES, "images"),
            Channel(SECURE, "secure-images"),
            Channel(GENERAL, "general"),
        ),
        usergroups=(Usergroup("S0OPS", "operations", (BOB,)), Usergroup("S0SEC", "security", (CAROL,))),
        allowlist=ALLOWLIST,
        image_channel=IMAGES,
    )
