### Every sentence that a person reads. Project Fluent (https://projectfluent.org/fluent/guide/).
### `*bold*`, `_italic_` and :emoji: are Slack's; arguments come escaped. Beside each text `$x` there is
### `$has_x`: `yes` when it holds something, else `no`.

## Times and numbers

date-pattern = {"{"}date_short_pretty{"}"} {"{"}time{"}"}
list-separator = {", "}
clause-separator = {"; "}
sentence-space = {" "}
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
the-bot = the bot
the-operator = an admin

## Status

status-pending = :hourglass_flowing_sand: *Waiting for approval*
status-approved = :ballot_box_with_check: *Approved*
status-creating = :gear: *Making the image*
status-available = :white_check_mark: *Available*
status-rejected = :no_entry: *Rejected*
status-expired = :alarm_clock: *Expired*
status-cancelled = :wastebasket: *Cancelled*
status-failed = :x: *Failed*
status-text-pending = waiting for approval
status-text-approved = approved
status-text-creating = being made
status-text-available = available
status-text-rejected = rejected
status-text-expired = expired
status-text-cancelled = cancelled
status-text-failed = failed

## The card

card-text = { $requester } requested an image of { $machine }, “{ $name }”: { $has_needs ->
    [yes] { $needs }
   *[no] { $status }{ $has_image ->
        [yes] {" "}as { $image }
       *[no] {""}
    }
}.
card-ping = { $groups } please review.
card-title-pending = Image request: { $name }
card-title-approved = Image request: { $name }
card-title-creating = Making image: { $name }
card-title-available = Image ready: { $name }
card-title-rejected = Request rejected: { $name }
card-title-expired = Request expired: { $name }
card-title-cancelled = Request cancelled: { $name }
card-title-failed = Image failed: { $name }
card-waiting = :hourglass_flowing_sand: { $needs }
card-machine = Machine
card-type = Type
card-requester = Requested by
card-disks = Disks
copy-under-way = { $region } ({ $progress }%)
copy-available = :white_check_mark: { $region }
copy-failed = :x: { $region }
card-start = Start
card-starts = { $has_at ->
    [yes] Not before { $at }
   *[no] As soon as approved
}
card-stop-first = Stopped first, then started again
card-last-image = Last image of this machine
card-no-reason = _No reason given_
card-description = Description: { $value }
card-tags = Tags: { $value }
card-sub-instance = Session: { $value }
card-regions = Also copied to { $value }
card-making = :gear: { $bar }
card-begun = Just started
card-progress = { $percent }%
progress-left = about { $span } left
progress-steady = {""}
progress-slow = slower than usual
progress-stuck = { $has_since ->
    [yes] no progress since { $since }
   *[no] no progress for a while
}. We keep watching.
card-image-id = :white_check_mark: { $image } · <https://appstreaming.console.aliyun.com/|Open the console>
card-queued = in line, place { $place }
card-expired = :alarm_clock: Nobody approved in time.
card-failed = :x: { $why }
card-approve-by = approve by { $at }
card-took = made in { $span }
card-approved-by = :white_check_mark: { $who } approved{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}, { $at }{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-rejected-by = :no_entry: { $who } rejected{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}, { $at }{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-cancelled-by = :wastebasket: Cancelled by { $who }{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-emergency-open = :rotating_light: Made without approval. Review pending.
card-emergency-signed = :rotating_light: Made without approval. Reviewed by { $who }.
type-CloudDesktop = Cloud desktop
type-WuyingServer = Workstation
disks-ALL = System disk and data disk
disks-SYSTEM = System disk only
# What a request still waits for, alone or before a full stop. $mark is `*` where it may be bold.
needs = { $mark }Waiting for { $count ->
    [one] { $filled ->
        [0] 1 approval
       *[other] 1 more approval
    }
   *[other] { $filled ->
        [0] { $count } approvals
       *[other] { $count } more approvals
    }
}{ $mark }{ $has_who ->
    [yes] {" "}from { $who }
   *[no] {""}
}{ $filled ->
    [0] {""}
   *[other] {" "}({ $filled } of { $needed } given)
}{ $has_others ->
    [yes] , or from { $others }
   *[no] {""}
}
needs-several = { $mark }Waiting for { $count } { $filled ->
    [0] {""}
   *[other] more{" "}
}approvals{ $mark }: { $slots }{ $filled ->
    [0] {""}
   *[other] {" "}({ $filled } of { $needed } given)
}{ $has_others ->
    [yes] , or from { $others }
   *[no] {""}
}
needs-place = { $count }{ $has_who ->
    [yes] {" "}from { $who }
   *[no] {""}
}
needs-others = others
list-or = {" "}or{" "}
needs-anyone = { $count ->
    [one] one approver
   *[other] { $count } approvers
}
needs-of = { $count ->
    [one] one of { $who }
   *[other] { $count } of { $who }
}
danger-clean = :warning: *User profiles are removed* from the image. They can't be restored from it.
danger-running = :warning: *The machine is running.*{ $has_users ->
    [yes] {" "}Connected: { $users }.
   *[no] {""}
} Data in the image may be inconsistent.
danger-missing = :warning: { $has_regions ->
    [yes] *No cloud desktop with this ID is in { $regions }.* Check the ID. If it's in another region, ask your admin to add that.
   *[no] *Alibaba Cloud doesn't know this machine.* Check the ID.
}
danger-unknown = :warning: *We couldn't check this machine.* Alibaba Cloud didn't answer.
danger-session = :warning: { $count ->
    [0] *We found no session on this workstation*, and the request doesn't name one.
    [one] *This workstation has a session*, and the request doesn't name it.
   *[other] *This workstation has { $count } sessions*, and the request doesn't say which one.
}
danger-others = :information_source: { $count ->
    [one] Another request for this machine is open.
   *[other] { $count } other requests for this machine are open.
}
queue-instance-busy = waiting for another image of this machine
queue-places-taken = waiting in line until another image is done
queue-cloud-busy = waiting: Alibaba Cloud asked us to come back later
danger-stop = :warning: *The machine is running and will be stopped first.*{ $has_users ->
    [yes] {" "}Connected: { $users }.
   *[no] {""}
}
power-stopping = Stopping { $machine }.
power-stopped = { $machine } stays stopped until its image is ready.
power-starting = Starting { $machine } again.
power-late = :warning: { $machine } isn't running again yet. We keep trying.
queue-cloud-unsure = waiting: Alibaba Cloud answered with an error we don't recognize; we keep trying
queue-cloud-away = waiting: Alibaba Cloud isn't telling us the machine's state; trying again
queue-other = waiting in line
failure-image-create-failed = Alibaba Cloud started the image but couldn't finish it. Retry, or send the request ID below to your admin.
failure-timed-out = The image took too long. We'll keep watching for one more day and post in the thread if it still finishes.
failure-cloud-silent = Alibaba Cloud never confirmed the image, and we can't find it. Check the console before you retry.
failure-doubtful-images = We found images that might belong to this request but can't be sure, so we didn't use them. Ask your admin to check them in Alibaba Cloud.
failure-no-answer = Alibaba Cloud didn't tell us the machine's state in time, so we stopped asking. Retry once it answers again.
failure-copy-failed = Alibaba Cloud started the copy but couldn't finish it. Copy the image yourself in the console, or ask your admin to.
failure-copy-timed-out = The copy took too long. Check the image in the console.
failure-copy-silent = Alibaba Cloud never confirmed the copy. Check the image in the console before you copy it yourself.
failure-copy-rights-lost = You no longer have permission to copy it. Ask your admin.
failure-cloud = Alibaba Cloud said ({ $code }): { $message }
failure-request = Alibaba Cloud's request ID: { $id }
reason-rights-lost = { $requester } lost permission to make this image before it started.
failure-stop-timed-out = The machine didn't stop in time, so no image was made. Close what's open on it or stop it yourself, then retry.
failure-instance-changed = Someone started the machine before its image was made. Agree on a time with them, then retry.
failure-instance-gone = Alibaba Cloud doesn't know this machine anymore. Check the instance ID.
failure-start-timed-out = Start it yourself in the console, or ask your admin to.
button-approve = Approve
button-reject = Reject
button-cancel = Cancel request
button-retry = Retry
button-sign-off = Mark as reviewed
button-again = Request again
button-why = Details
button-break-glass = Skip approval
button-form = Open the form
button-show = Show { $id }
button-choose = Choose
button-request = Request image
button-previous = Previous
button-next = Next
button-anyway = Request anyway
confirm-clean-approve = “{ $name }” of { $machine } will have only the profiles Administrator and Public in C:\Users. Removed profiles can't be restored from it.
confirm-back = Go back

## The thread

entry-end = { $requester } { $told }
about = { $name } of { $machine } · requested by { $requester } in { $channel } · { $id }
undeliverable = We can't post in { $channel } (Slack says: { $code }).
nowhere-not-in = Invite the bot there with `/invite @image-bot`, and we'll post this.
nowhere-not-found = If it's a private channel, invite the bot there with `/invite @image-bot`, and we'll post this. If it no longer exists, ask your admin for another one.
nowhere-archived = The channel is archived. Unarchive it, or ask your admin for another one.
nowhere-restricted = Ask your admin to let the bot post there.
event-unposted = We can't post the card for *{ $name }* yet.
event-frozen = Slack no longer lets us edit the card. The request is now { $status }.
event-submitted = { $actor } requested an image of { $machine }.
event-inspected = Looked up { $machine } in Alibaba Cloud.
event-reviewed = { $actor } approved{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-reminded = { $has_helpers ->
    [yes] { $helpers }, this still needs you.{" "}
   *[no] {""}
}{ $has_needs ->
    [yes] { $needs }
   *[no] Still waiting
}. Approve by { $until }.
event-escalated = { $has_helpers ->
    [yes] { $helpers }, you can approve from now on
   *[no] More people can approve from now on
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-approved = Fully approved. Starting soon.
event-bypassed = { $actor } skipped approval. The image of { $machine } is being made without { $has_rule ->
    [yes] the approval that the rule “{ $rule }” requires
   *[no] approval
}. Someone who can approve must review it with the button on the card.
event-reopened = An approver lost their permission, so this needs approval again.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-rejected = *{ $name }* was rejected by { $actor }{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}.
event-expired = Nobody approved *{ $name }* in time, so the request expired. You can request it again from the card.
event-cancelled = Cancelled by { $actor }.
event-queued = Not started yet{ $has_waits ->
    [yes] , { $waits }
   *[no] {""}
}.
event-creating = Creating the image…
event-restarted = The first attempt didn't start. Trying again.
event-stalled = We can't check on the image right now. We keep trying, and nothing is lost.
event-lapsed = This can't be retried anymore.
event-looked_up = No answer from Alibaba Cloud. Checking whether the image was started.
event-issued = Alibaba Cloud is making the image { $image }.
event-watched = The image is still being made.
event-stopping = Stopping { $machine } first.
event-stopped = { $has_somebody ->
    [yes] { $machine } was already stopped and will stay stopped.
   *[no] { $machine } is stopped.
}
event-starting = Starting { $machine } again.
event-started = { $has_somebody ->
    [yes] Someone has already started { $machine }.
   *[no] { $machine } is running again.
}
event-start_failed = :warning: { $requester }, { $machine } isn't running again yet. We'll keep trying for a day; other requests for it have to wait.
event-start_abandoned = :warning: { $requester }, { $machine } didn't start again, and we've stopped trying.
event-available = *{ $name }* of { $machine } is ready: { $image }{ $has_making ->
    [yes] , made in { $making }
   *[no] {""}
}. You can use it in the <https://appstreaming.console.aliyun.com/|console> now.{ $has_regions ->
    [yes] {" "}It's being copied to { $regions }.
   *[no] {""}
}
event-distributing = Copying the image to { $regions }.
event-distributed = The image is in { $regions } now.
event-distribution_failed = :warning: { $requester }, the image couldn't be copied to { $regions }.
event-failed = The image *{ $name }* of { $machine } couldn't be made.{ $has_retry ->
    [yes] {" "}Press Retry on the card within a day to try again under the same approval.
   *[no] {""}
}
event-appeared = *{ $name }* of { $machine } finished late and is ready now: { $image }{ $has_making ->
    [yes] , made in { $making }
   *[no] {""}
}.{ $has_regions ->
    [yes] {" "}It's being copied to { $regions }.
   *[no] {""}
}
event-retried = { $actor } started this again.
event-signed_off = { $actor } reviewed this emergency request{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}.

## The form

form-title = Request an image
form-submit = Request image
form-close = Close
form-more = More options
form-outlook = Needs approval from { $who }. Expires after { $span }.
form-no-approval = No approval needed. We start right away.
form-twin = :information_source: You already have { $id } open for this machine. To send another one, press *Request image* again.
field-instance_id = Machine
field-instance_type = Type of machine
field-sub_instance_id = Session
field-image_name = Image name
field-description = Description
field-disk_type = Disks
field-auto_clean_userdata = User profiles
field-tags = Tags
field-reason = Reason
field-notify = Also notify
field-start_at = Start
field-stop_first = Stop first
field-regions = Also copy to
hint-stop_first = An image of a running machine may hold inconsistent data.
hint-regions = Regions that get a copy of the finished image.
hint-regions-unlisted = Region IDs, separated by commas. Alibaba Cloud can't list the regions right now.
hint-start_at = Leave blank to start as soon as it's approved.
hint-instance_id = Search by name or ID (InstanceId).
hint-instance_type = Only needed if the ID doesn't start with ws- or ecd- (InstanceType).
hint-sub_instance_id = The workstation's persistent session (SubInstanceId).
hint-image_name = Leave blank to name it after the machine (ImageName).
hint-description = We add who asked and who approved.
hint-disk_type = What the image includes (DiskType).
hint-auto_clean_userdata = Profiles you leave out can't be restored from the image (AutoCleanUserdata).
hint-tags = KEY=VALUE, one per line or separated by commas (TagList).
hint-reason = Approvers see this.
hint-notify = We tell them the result. Invite the bot to private channels first.
example-regions = cn-beijing, ap-southeast-1
stop-option = Stop the machine first, then start it again
choose-regions = Choose regions
region-cn-qingdao = China (Qingdao)
region-cn-beijing = China (Beijing)
region-cn-zhangjiakou = China (Zhangjiakou)
region-cn-wulanchabu = China (Ulanqab)
region-cn-hangzhou = China (Hangzhou)
region-cn-shanghai = China (Shanghai)
region-cn-nanjing = China (Nanjing)
region-cn-shenzhen = China (Shenzhen)
region-cn-guangzhou = China (Guangzhou)
region-cn-chengdu = China (Chengdu)
region-cn-hongkong = China (Hong Kong)
region-cn-hangzhou-finance = China (Hangzhou) Finance
region-cn-shanghai-finance-1 = China (Shanghai) Finance
region-ap-northeast-1 = Japan (Tokyo)
region-ap-southeast-1 = Singapore
region-ap-southeast-5 = Indonesia (Jakarta)
region-ap-southeast-6 = Philippines (Manila)
region-ap-southeast-7 = Thailand (Bangkok)
region-us-west-1 = US (Silicon Valley)
region-eu-west-1 = UK (London)
region-eu-central-1 = Germany (Frankfurt)
region-me-central-1 = Saudi Arabia (Riyadh)
example-instance_id = Choose a machine
example-sub_instance_id = p-0cc7s3n1l
example-image_name = build-tools-2026
example-description = What's in the image
example-tags = team=build
example-reason = What the image is for
clean-option = Leave out user profiles: only Administrator and Public stay in C:\Users
machine-typed = Use “{ $text }”
machine-unknown = We don't know “{ $given }” yet. We'll check with Alibaba Cloud when you send this.
machine-users = connected: { $users }
machine-session = session { $session }
machine-none = Alibaba Cloud has no machine “{ $given }”.{ $has_nearest ->
    [yes] {" "}Did you mean { $nearest }?
   *[no] {" "}Search by name, or check the ID.
}{ $has_regions ->
    [yes] {" "}We looked for cloud desktops in { $regions } only.
   *[no] {""}
}
machine-several = More than one machine matches “{ $given }”: { $names }. Choose one from the list.
machine-choose = { $count } machines match “{ $given }”. Which one?
machine-more = And { $count } more. Type more of the name, or use the ID. `/image instances` lists all.
machine-not-found = Alibaba Cloud has no machine “{ $given }” that you can request an image of, so nothing was sent.{ $count ->
    [0] {" "}`/image instances` lists yours.
   *[other] {" "}Did you mean one of these?
}{ $has_regions ->
    [yes] {" "}We looked for cloud desktops in { $regions } only.
   *[no] {""}
}
machine-unsure = We can't look up “{ $given }” right now, because Alibaba Cloud isn't answering. Use the machine's ID (`ws-…` or `ecd-…`), or try again in a minute.
machine-sessions = { $name } has { $count } sessions. Which one?
instances-title = *{ $count ->
    [one] One machine
   *[other] { $count } machines
}* { $has_word ->
    [yes] matching “{ $word }” that you can request an image of
   *[no] that you can request an image of
}
instances-more = There may be more. Add part of a name: `/image instances build`.
instances-empty = { $why }.
machine-state-RUNNING = running
machine-state-STOPPED = stopped
machine-state-STARTING = starting
machine-state-STOPPING = stopping
machine-state-OTHER = other state
machine-state-said = Alibaba Cloud says “{ $said }”
machine-state-MISSING = not found
machine-state-UNKNOWN = state unknown
machines-nothing-allowed = You don't have permission to request images of these machines
machines-no-match = No machine matches
machines-no-instances = Alibaba Cloud has no machines here
machines-loading = Still loading. Try again in a moment
machines-forbidden = The bot isn't allowed to list machines. Tell your admin
machines-silent = Alibaba Cloud isn't answering. Type an ID instead
machines-undecided = Slack can't say who you are right now. Try again soon
reject-title = Reject this image?
reject-submit = Reject
reject-hint = The requester and the channel see this.
reject-example = e.g. In use until Friday
review-about = *{ $name }* of { $machine }, requested by { $requester }.
reject-does = No image is made, and they can request it again. You can't undo this.
approve-does = Your approval counts right away and can't be taken back. The image is made once all approvals are in.
approve-example = e.g. Agreed with the team
approve-title = Approve this image?
approve-submit = Approve
approve-hint = This request needs a reason for your approval. The channel sees it.

## App Home

home-request = Request an image
home-waiting = Waiting for me
home-waiting-none = Nothing is waiting for you.
home-waiting-line = *{ $name }* of { $machine }
    { $requester } · approve by { $until } · { $id }
home-reason = “{ $reason }”
home-mine = My open requests
home-mine-none = You have no open requests.
home-mine-line = *{ $name }* of { $machine }
    { $status }
    { $at } · { $id }
home-made = My images
home-made-none = No images yet.
home-made-line = *{ $name }* of { $machine }
    { $image } · { $at }
home-made-more = There are more: `/image images`.
home-rights = What I can do
home-may = You can:
home-may-line = • { $what }
home-may-nothing = You can't request or approve images yet. Ask your image-bot admin.
home-undecided = Slack can't tell us your groups right now, so we can't show what's waiting for you. Try again in a minute.
home-choices = Notifications
choice-told = *My requests*: send me a direct message
choice-decided = When it's approved or rejected
choice-done = When it's done
choice-waiting = *Waiting for me*: send me a direct message
choice-waiting-never = Never
choice-waiting-each = For each request
choice-waiting-daily = Once a day, if more than three are waiting
choice-quiet = *Quiet hours*: hold direct messages, in my time zone
choice-quiet-none = No quiet hours
choice-quiet-until = Until { $hour }
choice-quiet-from = From { $hour }
digest-title = *{ $count }{ $more ->
    [yes] +
   *[no] {""}
} requests are waiting for you.*
digest-line = • *{ $name }* · { $requester } · { $id }
digest-home = Review them all in the Home tab. You can also change how often you hear about this there.
direct-waits = *{ $name }* of { $machine } is waiting for your approval. { $requester } requested it. Approve by { $until }, here or in { $channel } ({ $id }).
home-back = Previous
home-on = Next

## Answers

answer-started = Request { $id } has started without approval. { $channel } will see it, and someone must review it afterwards.
answer-submitted = { $again ->
    [yes] You already sent request { $id } to
   *[no] Request { $id } sent to
} { $channel }.{ $has_start ->
    [yes] {" "}It starts no earlier than { $start }.
   *[no] {""}
}{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
answer-machine = Machine: { $name } ({ $instance }).
answer-approved = You approved { $id }{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {" "}It's fully approved and starts soon.
}
answer-rejected = You rejected { $id }{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}.
answer-signed-off = You marked { $id } as reviewed.
answer-cancelled = { $id } is cancelled.
answer-retried = Retrying { $id }.
answer-denied = You don't have permission to { $what }.
denied-data-disk = Images with the data disk aren't allowed for you. Choose “System disk only” (`--disk SYSTEM`).
denied-clean = Images without user profiles aren't allowed for you. Leave `--clean-userdata` out.
denied-stop-first = Stopping the machine first isn't allowed for you. Stop it yourself, or leave `--stop-first` out.
denied-value = { $key } = { $actual } is blocked for you. Change it, or press “Details” to see who to ask.
denied-ask = Press “Details” to see who to ask.
account-allowed = Allowed by { $statements }.
account-denied = Denied by { $statements }.
account-silent = No rule in the allowlist gives you this permission.
account-statement = { $policy } Statement[{ $index }] ({ $effect })
account-missed = • { $statement } doesn't apply: { $lacks }
account-spoke = • { $statement } blocks this: { $has_held ->
    [yes] { $held }
   *[no] it covers everything you can request
}
account-held-action = { $negated ->
    [yes] it covers everything but
   *[no] it covers
} { $wanted }
account-held-resource = { $negated ->
    [yes] it covers everything but
   *[no] it covers
} { $wanted }, and this is { $actual }
account-held-condition = { $has_actual ->
    [yes] this rule blocks { $key } = { $actual }
   *[no] this rule blocks requests without { $key }
} ({ $operator } { $wanted })
account-lack-action = it covers { $negated ->
    [yes] everything but
   *[no] only
} { $wanted }
account-lack-resource = it covers { $negated ->
    [yes] everything but
   *[no] only
} { $wanted }, and this is { $actual }
account-lack-condition = { $key } { $operator } { $wanted } doesn't match: { $has_actual ->
    [yes] it's { $actual }
   *[no] the request has no such value
}
refused-not-found = We can't find a request { $id } that you can see. `/image list` shows yours.
refused-own-request = You can't approve or reject your own request. To take { $id } back, press Cancel.
refused-already-reviewed = You already approved { $id }. Each person counts once.
refused-not-needed = { $id } doesn't need your approval.
refused-too-late = You're too late: { $id } is { $status }.
refused-too-early = Not yet: { $id } is still in progress ({ $status }).
refused-reason-needed = { $has_id ->
    [yes] { $id } needs a reason.
   *[no] This needs a reason: add `--reason "…"`, or use the form.
}
refused-not-yours = Only the person who requested { $id } can do this.
refused-yourself = You can't delegate to yourself. Choose someone else.
refused-nothing-to-delegate = You can't approve requests, so you have no approvals to delegate.
refused-too-often = You've delegated five times today. Try again tomorrow.
refused-repeated = You already sent this, so nothing was done again. `/image list` shows your requests.
refused-not-in-channel = You aren't in { $channel }, so we can't notify it for you. Join it, or leave it out.
refused-not-delegated = You have no delegation to end.
refused-outsider = { $has_id ->
    [yes] Guests, deactivated accounts and people from other workspaces can't approve or reject { $id }.
   *[no] You can delegate to people, not to apps or deactivated accounts.
}
refused-not-set-up = Slack doesn't let the bot see who's in which group, so nothing was done. An admin has to fix the app's permissions: `image-bot doctor` shows what's missing.
refused-undecided = Slack can't tell us who's in which group right now, so nothing was done. Try again in a minute.
refused-no-channel = There's no channel for this request. Use the command in a channel, or ask your admin to set IMAGE_CHANNEL.
refused-not-open = There's nothing to review on { $id }.
refused-already-open = You already have { $id } open for this machine.
refused-too-many = You've reached the limit of open requests. Wait until some are done, or cancel the ones you don't need.
refused-too-fast = You're sending requests too fast. Wait a minute, then try again.
refused-bad-start = Pick a start within the next 30 days.
refused-bad-end = Pick an end within the next 90 days.
scope-mine = Your requests
scope-pending = Waiting for approval
scope-all = All requests
list-title = *{ $scope }*{ $has_page ->
    [yes] {" "}· page { $page }
   *[no] {""}
}
list-empty = *{ $scope }*: nothing here yet. `/image` opens the form.
show-card = { $link }
show-card-link = Open the card
answer-on-the-card = Approve and reject with the buttons on the card. Here they are:
list-line = *{ $name }* of { $machine }
    { $status }{ $has_requester ->
    [yes] {" "}· { $requester }
   *[no] {""}
}
    { $at } · { $id }
menu-show = Show
menu-cancel = Cancel request
menu-again = Request again
menu-history = History
menu-approvers = Who can approve
menu-copy = Copy as command
images-title = *{ $count ->
    [one] One image
   *[other] { $count } images
}*
images-line = *{ $name }* · { $image }
    { $machine } · { $at } · { $id }
images-empty = { $has_word ->
    [yes] No image with “{ $word }” in its name or ID.
   *[no] No images yet.
} `/image` opens the form.
images-more = There are more. Add a word: `/image images build`.
history-title = *{ $name }* of { $machine } · { $id }
history-line = • { $at } · { $what }{ $has_holder ->
    [yes] {" "}for { $holder }
   *[no] {""}
}{ $has_reason ->
    [yes] : “{ $reason }”
   *[no] {""}
}
history-more = … { $count } more
history-event-submitted = { $who } sent the request
history-event-reviewed = { $who } approved
history-event-reminded = Reminder sent
history-event-escalated = More people can approve
history-event-approved = Fully approved
history-event-bypassed = { $who } skipped approval (emergency)
history-event-reopened = An approver lost their permission, so it needed approval again
history-event-rejected = { $who } rejected it
history-event-expired = Nobody approved in time
history-event-cancelled = { $who } cancelled it
history-event-stopping = The machine was asked to stop
history-event-stopped = The machine was stopped
history-event-starting = The machine was asked to start again
history-event-started = The machine was running again
history-event-start_failed = The machine didn't start again; kept trying
history-event-start_abandoned = The machine didn't start again; stopped trying
history-event-distributing = Alibaba Cloud was asked to copy the image
history-event-distributed = A copy of the image was ready
history-event-distribution_failed = A copy of the image failed
history-event-creating = Alibaba Cloud was asked to make the image
history-event-restarted = The first attempt didn't start; tried again
history-event-looked_up = No answer from Alibaba Cloud; checked whether the image was started
history-event-stalled = We couldn't check on the image
history-event-issued = Alibaba Cloud started making the image
history-event-available = Image ready
history-event-failed = The image couldn't be made
history-event-appeared = The image finished late
history-event-retried = { $who } started it again
history-event-signed_off = { $who } reviewed it afterwards
standing-pending = { $has_needs ->
    [yes] { $id }: { $needs }.
   *[no] { $id } is waiting for approval.
} Approve by { $until }.
standing-approved = { $id } is approved{ $has_waits ->
    [yes] {" "}and hasn't started yet: { $waits }.
   *[no] {" "}and starts soon.
}
standing-creating = { $id }: Alibaba Cloud is making the image, { $percent }% so far.
standing-available = { $id } is done. The image is { $image }.
standing-rejected = { $who } rejected { $id }{ $has_reason ->
    [yes] : “{ $reason }”
   *[no] .
}
standing-expired = Nobody approved { $id } by { $until }. `/image again` with its ID opens the form filled in.
standing-cancelled = { $who } cancelled { $id }{ $has_reason ->
    [yes] : “{ $reason }”
   *[no] .
}
standing-failed = { $id } failed.
why-allowed = Yes, you can { $what }.
why-denied = No, you can't { $what }.
anyone = anyone in this workspace
why-approvers = Can approve: { $people }.
advice-deny = This is explicitly blocked. Change the request, or ask an admin to change the rule.
advice-policies = You'd need one of these policies: { $policies }.
advice-people = These people can do it: { $people }.
advice-ask = { $has_channel ->
    [yes] Ask the admins in { $channel }.
   *[no] Ask your image-bot admin.
}
button-unreadable = We can't read this button anymore. Type the command again.
why-rule = { $has_rule ->
    [yes] The rule “{ $rule }” requires
   *[no] It requires
} { $count ->
    [0] no approval
    [one] one approval
   *[other] { $count } approvals
}.
whoami = You are { $user }.
    { "*Groups*" }: { $groups }
    { "*Policies*" }: { $policies }
    { $actions }
whoami-may = :white_check_mark: You can { $what }
whoami-may-not = :heavy_minus_sign: You can't { $what }
whoami-none = none
may-create = request images
may-approve = approve and reject requests
may-cancel = cancel other people's requests
may-bypass = skip approval in an emergency
may-stop-workstation = stop this workstation
may-stop-desktop = stop this cloud desktop
may-distribute = copy images to one of these regions
may-read = see other people's requests
answer-name-unusual = Alibaba Cloud might refuse the name “{ $name }”. Names usually have 2–128 characters: a letter first, then letters, numbers, colons, hyphens and underscores.
answer-regions-unchecked = Alibaba Cloud can't list its regions right now, so we couldn't check yours. If a copy isn't possible, the thread will say so.
approver-delegated = { $who } (or { $to })
approvers = { $count ->
    [0] Nobody can approve { $id } anymore, or it needs no more approvals.
   *[other] Can still approve { $id }: { $people }.
}{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}

## Delegations

delegated-now = { $delegate } can approve for you until { $until }. You still can too, but it counts as one approval. `/image delegate off` ends it.
delegated-ended = { $delegate } can't approve for you anymore.
delegations-none = You have no delegations. `/image delegate @name until friday` lets someone approve for you.
delegated = { $delegate } can approve for you until { $until }.
received-now = You can approve for { $delegator } until { $until }. You get none of their other permissions.
received-ended = You can't approve for { $delegator } anymore.
received = You can approve for { $delegator } until { $until }.

## Emergency access

emergency-ask = *Skip approval?* { $channel } will see your name and reason, and someone must review it afterwards.
    The image of { $machine } will be made without { $has_rule ->
    [yes] the approval that the rule “{ $rule }” requires
   *[no] approval
}. Nothing has been sent yet.
emergency-title = Skip approval?
emergency-sure = We start making “{ $name }” right away. The channel will see it, and someone must review it afterwards.
emergency-yes = Skip approval
emergency-no = Go back

## Admins are told

admin-audit-unkeyed = :warning: *The audit log has no key.* Anyone who can write to the database could change it unseen. Set AUDIT_KEY and restart.
admin-broken = :warning: *The allowlist was edited and can't be used.* The rules from before the edit stay in force until it's fixed.
admin-warned = :warning: *The allowlist is in use, but parts of it have no effect or don't mean what they seem to.*
admin-more = … and { $count } more: `image-bot policy check` shows all.
admin-fixed = :white_check_mark: *The allowlist is fixed.* Its rules apply from now on: { $policies ->
    [one] one policy
   *[other] { $policies } policies
}, { $rules ->
    [one] one approval rule
   *[other] { $rules } approval rules
}.

## Mistakes in a command

did-you-mean = {" "}Did you mean { $meant }?
mistake-subcommand-unknown = There's no command { $given }.{ $did_you_mean } You can use: { $allowed }
mistake-create-missing = To request an image of { $given }, put `create` before it: `/image create …`.
mistake-on-the-card = Use the buttons on the request's card. `/image list pending` shows what's waiting, and `/image show` with an ID shows the buttons.
mistake-quote-open = The quotation mark at { $given } isn't closed. Add one at the end of the text.
mistake-flag-unknown = There's no flag { $given }.{ $did_you_mean } You can use: { $allowed }
mistake-flag-twice = You used { $given } twice. Use it once.
mistake-flag-needs-value = { $given } needs a value after it.
mistake-switch-value = This flag doesn't take { $given }. Write it alone, or leave it out.{ $did_you_mean }
mistake-words-extra = We can't tell what { $given } belongs to. Put text with spaces in quotes: `--reason "for the new build"`.
mistake-page-unknown = { $given } isn't a page. Write a number: `--page 2`.
mistake-request-missing = Which request? Add its ID after { $given }: `r-…`. `/image list` shows yours.
mistake-link-unknown = We can't find a request for that link. Write its ID after { $given } (`r-…`), or copy the link to its card.
mistake-scope-unknown = There's no list { $given }.{ $did_you_mean } You can use: { $allowed }
mistake-person-unknown = { $given } isn't a person in this workspace. Type `@` and pick the person from Slack's list.
mistake-time-missing = Until when? Add a day or a time: `until friday`, `until 2026-12-01`, `until 18:00`, `2d`.
mistake-time-unknown = We can't read { $given } as a time. Try `22:00`, `friday 10 pm`, `1 dec`, `2026-12-01 22:00` or `2d`.
mistake-zone-unknown = Slack can't tell us your time zone right now, so we can't read { $given }. Try again in a minute.
mistake-command-long = This command has { $given } characters, and a button can hold { $allowed }. Shorten the description.
mistake-text-long = That's { $given } characters. A command can have { $allowed }; long text fits better in the form.
mistake-text-words = That's { $given } words and flags. A command can have { $allowed }. Put text with spaces in quotes.
mistake-channels-many = You can notify at most { $allowed } channels, not { $given }.
mistake-channel-unknown = { $given } isn't a channel. Type `#` and pick the channel from Slack's list.

## Mistakes in a field

problem-instance-id-missing = Which machine? Add its instance ID ({ $allowed }).
problem-instance-id-shape = “{ $given }” doesn't look like an instance ID. Use letters, numbers and hyphens ({ $allowed }).
problem-instance-type-missing = We can't tell what kind of machine this is. IDs start with `ws-` or `ecd-`; for any other, choose a type: { $allowed }.
problem-instance-type-unknown = There's no instance type “{ $given }”. Choose one of { $allowed }.
problem-instance-type-mismatch = The type “{ $given }” doesn't match the ID, which is a { $allowed }.
problem-sub-instance-id-shape = “{ $given }” doesn't look like a session ID. Use letters, numbers and hyphens ({ $allowed }).
problem-sub-instance-id-needs-workstation = Only workstations have sessions. Leave “{ $given }” out ({ $allowed }).
problem-image-name-length = The image name “{ $given }” is too long. It can have { $allowed } characters.
problem-description-length = The description “{ $given }” is too long. It can have { $allowed } characters.
problem-disk-type-unknown = There's no disk type “{ $given }”. Choose one of { $allowed }.
problem-auto-clean-userdata-unknown = “{ $given }” isn't yes or no. Use { $allowed }.
problem-auto-clean-userdata-needs-desktop = Only cloud desktops have user profiles to leave out ({ $allowed }). Remove this option.
problem-tag-shape = “{ $given }” isn't a tag. Write { $allowed }, with quotes around a value that has a comma in it.
problem-tag-length = The tag “{ $given }” is too long. A key and a value can have { $allowed } characters each.
problem-tag-value-missing = Tag “{ $given }” has no value. Write { $allowed }.
problem-tag-ambiguous = “{ $given }” could be one tag or several ({ $allowed }). Put each tag on its own line, or quotes around the value.
problem-tag-reserved = Tag “{ $given }” can't start like that: Alibaba Cloud reserves these ({ $allowed }).
problem-tag-own = The tag “{ $given }” is the bot's own. Leave it out.
problem-tag-duplicate = You used the tag “{ $given }” more than once. Each key can have one value.
problem-tag-count = That's { $given } tags. You can add { $allowed }.
problem-notify-count = You can notify at most { $allowed } channels, not { $given }.
problem-notify-shape = “{ $given }” isn't a channel. Type `{ $allowed }` and pick the channel from Slack's list.
problem-region-unknown = Alibaba Cloud can't copy images to “{ $given }”.{ $has_allowed ->
    [yes] {" "}Did you mean { $allowed }?
   *[no] {""}
}
problem-region-shape = “{ $given }” isn't a region. Write one like { $allowed }.

## What the cloud says, in our words

cloud-instance-not-found = Alibaba Cloud doesn't know this instance. Check the ID, and that it's in this account and region.
cloud-desktop-not-found = Alibaba Cloud doesn't know this cloud desktop. Check the ID, and that it's in this account and region.
cloud-image-unsupported = Alibaba Cloud can't make images of this kind of machine.
cloud-physical-node-missing = The hardware behind this machine is missing. Ask your admin.
cloud-task-exists = Another image of this machine is being made. Wait until it's done.
cloud-builder-quota = Alibaba Cloud is already making as many images as it allows. Wait until one is done.
cloud-base-image-not-configured = The machine's base image isn't set up in Alibaba Cloud. Ask your admin.
cloud-image-record-failed = Alibaba Cloud couldn't save the image. Try again, and ask your admin if it keeps happening.
cloud-image-missing = The image behind this machine no longer exists. Ask your admin.
cloud-distribution-not-allowed = This image can't be copied to this region. Ask your admin.
cloud-image-update-not-allowed = The image behind this machine can't be updated right now. Ask your admin.
cloud-shared-image-not-allowed = The image behind this machine is shared and can't be updated. Ask your admin.
cloud-parent-region-missing = The parent image isn't in this region. Ask your admin.
cloud-internal-error = Alibaba Cloud had an error while making the image, so we don't know yet whether it exists.
cloud-biz-type = Alibaba Cloud doesn't accept this BizType. Ask your admin to change APPSTREAM_BIZ_TYPE.
cloud-clock = The clock of the bot's host is wrong, so Alibaba Cloud refuses its calls. Ask your admin to set it.
cloud-nonce-used = Alibaba Cloud says it already received this call, so we don't know yet whether it worked.
cloud-signature = Alibaba Cloud doesn't accept the bot's signature. Ask your admin to check the access key.
cloud-security-token = The bot's security token is missing or expired. Ask your admin to renew it.
cloud-api-not-found = Alibaba Cloud has no such operation at this address. Ask your admin to check APPSTREAM_ENDPOINT.
cloud-needs-https = Alibaba Cloud only takes HTTPS. Ask your admin to check APPSTREAM_ENDPOINT.
cloud-forbidden = The bot's access key doesn't have this permission. Ask your admin to extend its RAM policy.
cloud-unavailable = Alibaba Cloud wasn't available, so we don't know yet whether the call worked.
cloud-throttled = Alibaba Cloud asked for a pause: too many calls.
cloud-access-key = Alibaba Cloud doesn't accept the bot's access key. Ask your admin to check it.
cloud-parameter = Alibaba Cloud doesn't accept one of the parameters.
cloud-other = Alibaba Cloud refused the call.
cloud-not-the-cloud = Something other than Alibaba Cloud answered. Ask your admin to check APPSTREAM_ENDPOINT and the network.
cloud-no-answer = Alibaba Cloud didn't answer in time, so we don't know yet whether the call worked.
cloud-unreadable = We couldn't read Alibaba Cloud's answer, so we don't know yet whether the call worked.
cloud-server-error = Alibaba Cloud had an error, so we don't know yet whether the call worked.
cloud-instance-state = The machine isn't in the right state for this.
cloud-unreachable = We couldn't reach Alibaba Cloud. Nothing was sent.
cloud-credentials = The bot has no Alibaba Cloud credentials. Ask your admin to set them.

copy-command = The same as a command:
    ```{ $command }```

## When something breaks

broken = Something went wrong (ref { $reference }). Try again, or send your admin the ref.
broken-store = We can't reach the database, so nothing was done. Try again in a minute.
broken-store-unknown = The database didn't answer in time, so this may have been saved or not. Check `/image list` before you try again.
broken-unknown = This button or form is from a version the bot no longer knows (ref { $reference }). Type `/image` to start again.
broken-not-allowed = Slack doesn't let the bot do this (ref { $reference }). An admin has to fix the app's permissions: `image-bot doctor` shows what's missing.
broken-late = Slack stopped waiting before the form could open. Press again, or type `/image`.

## Help

help-title = *Request a custom image of a cloud desktop or workstation.* `/image` opens a form, or copy this line:
    `/image create ws-0buj1s9gm --name build-tools --reason "for the new build"`
help-more = `/image help create` tells you more about a command.
help-group-ask = *Ask*
help-group-follow = *Follow*
help-group-approve = *Approve*
help-line = { $usage }: { $does }
does-create = request an image
does-instances = list machines you can request an image of
does-why = see why a request is waiting or failed, or whether you could request an image
does-whoami = see what you can do
does-help = see this, or help for one command
does-list = list requests
does-show = see a request
does-cancel = take a request back
does-retry = try a failed request again
does-approvers = see who can still approve
does-delegate = let someone approve for you
does-copy = get a request as a command to copy
does-again = open the form, filled in from an earlier request
does-history = see a request's story
does-images = list images made with the bot
help-copy = Shows the command that requests the same image again, for you to copy and change.
help-again = Opens the form filled in from an earlier request. We check everything again when you send it.
help-history = Tells a request's story from the audit log.
help-images = Lists images made with the bot: yours, and others' if you're allowed to see them. Add part of a name or an ID to search.
help-create = Requests an image of a machine, by its name or ID. IDs start with `ws-` (workstation) or `ecd-` (cloud desktop); any other needs `--type`. Put text with spaces in quotes:
    `/image create ws-0buj1s9gm --name build-tools --reason "for the new build"`
flag-name = `--name` _text_: what to call the image
flag-description = `--description` _text_: what's in it
flag-type = `--type CloudDesktop` or `--type WuyingServer`: if the ID doesn't start with `ecd-` or `ws-`
flag-instance = `--instance` _ID_: the machine, when its name isn't enough
flag-sub-instance = `--sub-instance` _ID_: a workstation's session
flag-disk = `--disk ALL` or `--disk SYSTEM`: which disks the image includes
flag-clean-userdata = `--clean-userdata`: leave out the user profiles (cloud desktops)
flag-tag = `--tag` _key=value_: as often as you like
flag-reason = `--reason` _text_: approvers see this
flag-notify = `--notify` _#channel_: also post the result there, five at most
flag-at = `--at` _time_: don't start before, in your time zone: `22:00`, `'friday 10 pm'`, `'1 dec'`, `4h`
flag-stop-first = `--stop-first`: stop the machine first, then start it again
flag-distribute = `--distribute` _region_: copy the finished image there, as often as you like
flag-anyway = `--anyway`: send it even if you have a request for this machine open
flag-break-glass = `--break-glass`: skip approval in an emergency; needs a reason, and someone reviews it afterwards
help-instances = Lists the machines you can request an image of: name, type, system, state and ID. Add part of a name or an ID to search.
help-list = Lists your requests, with those that are waiting first. `/image list pending` lists what's waiting for approval: everyone's if you're allowed to see them, else yours. `/image list all` lists everyone's.
help-show = Shows a request the way its card does. Give its ID or a link to its card.
help-cancel = Takes back a request of yours that isn't being made yet. Words after the ID are your reason.
help-retry = Tries a failed request of yours again within a day, under the approval it had.
help-why = With a request's ID: why it's waiting, was rejected or failed. With a machine and flags: whether you could request that image, which rule decides, and who could approve it or who to ask.
help-approvers = Shows who can still approve a request. Nobody is pinged.
help-whoami = Shows your groups, your policies, what you can do, and your delegations.
help-delegate = Lets someone approve and reject for you until then: `friday` (all of it), `tomorrow`, `1 dec`, `friday 6 pm`, `2d`. They get none of your other permissions, both names are on the card and in the audit log, and it counts as one approval.
    `/image delegate off` ends it, `/image delegate` shows your delegations.
help-help = Lists the commands, or tells you more about one.
