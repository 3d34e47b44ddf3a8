"""One stage with one bot for a file's walks, each with its own request.

Not one for all files: while other tests use the thread, a stage's loop stands still, and its Slack with it. A
bot that hears nothing for twenty seconds rightly considers its connections dead.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio

from bot.playground.stage import Stage
from tests.walks.walker import Walker, cast

RULES = """\
policies:
  requester:
    Version: "1"
    Statement:
      - {Effect: Allow, Action: "appstreaming:CreateImageByInstance", Resource: "*"}
      - Effect: Allow
        Action: ["ecd:StopDesktops", "appstreaming:StartTaskForDistributeImage"]
        Resource: "*"
      - Effect: Deny
        Action: "appstreaming:CreateImageByInstance"
        Resource: "*"
        Condition: {StringLike: {"appstreaming:ImageName": "secret*"}}
  approver:
    Version: "1"
    Statement:
      - {Effect: Allow, Action: ["imagebot:ApproveImageRequest", "imagebot:ReadRequests"], Resource: "*"}
  breaker:
    Version: "1"
    Statement: [{Effect: Allow, Action: "imagebot:BypassApproval", Resource: "*"}]
groups:
  leads: [U0LENA, u0alice]
attachments:
  - {users: [U0ALICE, U0LENA], policies: [requester]}
  - {users: [U0LENA], policies: [breaker]}
  - {users: [U0GINA, U0SAM], policies: [approver]}
  - {usergroups: [S0OPS, S0SEC], policies: [approver]}
  - {groups: [leads], policies: [approver]}
approvals:
  - name: two-groups
    when: {StringLike: {"appstreaming:ImageName": "two*"}}
    quorum: [{usergroups: [S0OPS]}, {usergroups: [S0SEC]}]
  - name: brief
    when: {StringLike: {"appstreaming:ImageName": "brief*"}}
    expires: 3s
  - name: slow
    when: {StringLike: {"appstreaming:ImageName": "slow*"}}
    quorum: [{users: [U0BOB]}]
    remind: 1s
    escalate: {after: 3s, usergroups: [S0SEC]}
  - name: guarded
    when: {StringLike: {"appstreaming:ImageName": "guarded*"}}
    quorum: [{usergroups: [S0OPS]}, {usergroups: [S0SEC]}]
    channel: C0SECURE
  - name: guests-too
    when: {StringLike: {"appstreaming:ImageName": "open*"}}
    allow_guests: true
    allow_external: true
admin_channel: C0ADMINS
"""


@asynccontextmanager
async def walking() -> AsyncIterator[Walker]:
    """Run a bot whose images take half a second."""
    async with Stage(cast(RULES), image_seconds=0.5) as stage:
        await stage.start_bot()
        yield Walker(stage)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walker() -> AsyncIterator[Walker]:
    """Somebody who acts on a stage with a running bot."""
    async with walking() as walker:
        yield walker


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor() -> AsyncIterator[Walker]:
    """The same on a separate stage, where the rules may be edited."""
    async with walking() as editor:
        yield editor
