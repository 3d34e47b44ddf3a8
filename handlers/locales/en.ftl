### Every sentence that a person reads. Project Fluent (https://projectfluent.org/fluent/guide/).
### `*bold*`, `_italic_` and :emoji: are Slack's; arguments come escaped. Beside each text `$x` there is
### `$has_x`: `yes` when it holds something, else `no`.

## Times and numbers

date-pattern = {"{"}date_short_pretty{"}"} {"{"}time{"}"}
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
the-operator = An operator

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

card-text = { $requester } asks for an image of { $instance }{ $has_name ->
    [yes] {" "}named “{ $name }”
   *[no] {""}
}: { $status }.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
card-asked = { $requester } asks for an image, { $at }
card-reason = Reason
card-instance = Instance
card-image = Image name
card-sub-instance = Sub-instance
card-disks = Disks
card-description = Description
card-tags = Tags
card-progress = { $percent } %
card-queued = in line, place { $place }
card-start = Start
card-starts = not before { $at }
card-approved-by = :white_check_mark: { $who } approved{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}, { $at }{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-rejected-by = :no_entry: { $who } rejected{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}, { $at }{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-cancelled-by = :wastebasket: { $who } cancelled{ $has_reason ->
    [yes] : { $reason }
   *[no] {""}
}
card-glass-open = :rotating_light: *Break glass*: made without approval. The review afterwards is open until somebody who may approve signs it off.
card-glass-signed = :rotating_light: *Break glass*: made without approval. :memo: Reviewed afterwards by { $who }.
card-id = Request { $id }
card-rule = rule “{ $rule }”
type-CloudDesktop = Cloud desktop
type-WuyingServer = Workstation
disks-ALL = System disk and data disk
disks-SYSTEM = System disk only
needs = { $needed ->
    [one] Needs { $missing }
   *[other] { $filled } of { $needed } approvals, still needs { $missing }
}{ $has_others ->
    [yes] {" "}(or { $others } in their place)
   *[no] {""}
}
needs-anyone = { $count ->
    [one] one approver
   *[other] { $count } approvers
}
needs-of = { $count ->
    [one] one of { $who }
   *[other] { $count } of { $who }
}
elapsed-pending = expires { $until }
elapsed-working = for { $span }
elapsed-ended = took { $span }
danger-clean = :warning: *Without user data* (AutoCleanUserdata): the image holds nothing of `C:\Users` but Administrator and Public.
danger-running = :warning: *The instance is running.* Shut it down first, or what is in the image may be inconsistent.
danger-missing = :warning: *The cloud knows no such instance.* Check the id before you approve.
danger-data-disk = :floppy_disk: The image will hold the data disk too, with everything on it.
queue-instance-busy = waiting: another image of this instance is being made
queue-places-taken = waiting in line: every place for making images is taken
queue-cloud-busy = waiting: the cloud asked to come back later
queue-cloud-unsure = waiting: Alibaba Cloud answered with a code we don't know; trying again slowly
queue-other = waiting in line
failure-image-create-failed = The cloud began to make the image and failed. Start the request again, or ask whoever runs the cloud account to look at the image.
failure-timed-out = The image is still not done, and that took too long. It is watched for one more day: if it becomes available after all, the thread says so.
failure-cloud-silent = The cloud was asked again and again and never said what became of it; no image with this request's mark is listed. Ask whoever runs the cloud account.
failure-doubtful-images = Images with this request's mark were found that may not be its own, so none was taken. Ask your admin to look at them in Alibaba Cloud.
failure-cloud = The cloud says ({ $code }): { $message }
failure-request = Request id of the cloud: { $id }
reason-rights-lost = { $requester } lost the right to make this image before it was started.
button-approve = Approve
button-reject = Reject
button-cancel = Cancel request
button-retry = Retry
button-sign-off = Sign off
button-why = Details
button-break-glass = Break the glass
button-form = Open the form
confirm-clean-title = Leave out user data?
confirm-clean-approve = The image of { $instance } will hold nothing of C:\Users but Administrator and Public. That cannot be mended later.
confirm-clean-yes = Yes, leave it out
confirm-clean-no = No

## The thread

entry-end = { $requester } { $told }
notice = The request of { $requester } for an image of { $instance }: { $told } ({ $id })
direct = Your request { $id } for an image of { $instance } in { $channel }: { $told }
direct-undeliverable = I could not post in { $channel } (Slack says: { $code }), so you hear it from me here.
event-submitted = { $actor } asked for an image of { $instance }.
event-inspected = The cloud was asked about { $instance }.
event-reviewed = { $actor } approved{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-reminded = { $has_helpers ->
    [yes] { $helpers }, this is still waiting
   *[no] Still waiting
}{ $has_needs ->
    [yes] : { $needs }
   *[no] {""}
}. The request expires { $until }.
event-escalated = { $has_helpers ->
    [yes] { $helpers }, you may approve from now on
   *[no] Others may approve from now on
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-approved = All approvals are there.
event-bypassed = :rotating_light: *Break glass*: { $actor } has an image of { $instance } made without the approval that the rule “{ $rule }” asks for. A review afterwards is open: whoever may approve signs it off with the button on the card.
event-reopened = An approver lost the right to approve, so the request waits again.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
event-rejected = :no_entry: { $actor } rejected the request{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}.
event-expired = :alarm_clock: Nobody approved in time, the request has expired.
event-cancelled = :wastebasket: { $actor } cancelled the request.
event-queued = The request is not started yet.
event-creating = :gear: The cloud is asked to make the image.
event-restarted = The cloud made nothing of it and is asked once more.
event-stalled = :warning: Alibaba Cloud won't say how the image is doing. It's still being asked; nothing is lost.
event-lapsed = The request can't be retried any more.
event-looked_up = The cloud's answer was lost: looking whether the image is being made.
event-issued = The cloud is making image { $image }.
event-watched = The image is still being made.
event-available = :white_check_mark: The image { $image } is available, after { $span }.
event-failed = :x: The image could not be made.
event-appeared = :white_check_mark: The image { $image } has become available after all, { $span } after it was asked for.
event-retried = { $actor } started the request once more.
event-signed_off = :memo: { $actor } reviewed what was done without approval{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}, and signed it off.

## The form

form-title = New image
form-submit = Request image
form-close = Close
field-instance_id = Instance ID (InstanceId)
field-instance_type = Instance type (InstanceType)
field-sub_instance_id = Sub-instance ID (SubInstanceId)
field-image_name = Image name (ImageName)
field-description = Description
field-disk_type = Disks (DiskType)
field-auto_clean_userdata = User data (AutoCleanUserdata)
field-tags = Tags (TagList)
field-reason = Reason
field-notify = Also tell these channels
field-stop_first = Stop first
field-regions = Also copy to
hint-stop_first = Data in the image is consistent only when the machine is stopped.
hint-regions = The finished image is copied to these regions.
example-regions = cn-beijing, ap-southeast-1
stop-option = Stop the machine first, and start it again afterwards
hint-instance_id = Shut the instance down first, so that the data in the image is consistent.
hint-instance_type = May be left out when the ID begins with ws- (workstation) or ecd- (cloud desktop).
hint-sub_instance_id = The persistent session of the workstation, so that the very instance is found.
hint-image_name = Leave blank to name it after the machine and the day.
hint-description = Who asked and who approved is added at the end.
hint-disk_type = Left out, the image holds the system disk and the data disk.
hint-tags = One KEY=VALUE a line, or separated by commas.
hint-reason = The approvers decide by it.
hint-notify = They hear how it ends. The bot has to be a member of a private channel.
example-instance_id = ws-0buj1s9gm
example-sub_instance_id = p-0cc7s3n1l
example-image_name = build-tools-2026
example-description = What is in the image
example-tags = team=build
example-reason = What the image is for
clean-option = Leave user data out: nothing of C:\Users but Administrator and Public
reject-title = Reject the request
reject-submit = Reject
reject-hint = The requester and the channel see it.
approve-title = Approve the request
approve-submit = Approve
approve-hint = The approval rule asks for a reason. The channel sees it.

## Answers

answer-submitted = { $again ->
    [yes] That is request { $id } already
   *[no] Request { $id } is filed
} for an image of { $instance }; its card is in { $channel }.{ $has_start ->
    [yes] {" "}It starts not before { $start }.
   *[no] {""}
}{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}
answer-approved = You approved { $id }{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {" "}Nothing more is needed, the image will be made.
}
answer-rejected = You rejected { $id }{ $has_holder ->
    [yes] {" "}in the place of { $holder }
   *[no] {""}
}.
answer-signed-off = You signed { $id } off: its review afterwards is done.
answer-cancelled = Request { $id } is cancelled.
answer-retried = Request { $id } is on its way again.
answer-denied = You don't have permission to { $what }.
denied-data-disk = Images with the data disk aren't allowed for you. Choose *System disk only* (`--disk SYSTEM`).
denied-clean = Images without user profiles aren't allowed for you. Leave `--clean-userdata` out.
denied-stop-first = Stopping the machine first isn't allowed for you. Stop it yourself, or leave `--stop-first` out.
denied-value = { $key } = { $actual } is blocked for you. Change it, or press Details to see whom to ask.
account-allowed = Allowed by { $statements }.
account-denied = Denied by { $statements }.
account-silent = No rule in the allowlist gives you this permission.
account-statement = { $policy } Statement[{ $index }] ({ $effect })
account-missed = • { $statement } does not apply: { $lacks }
account-spoke = • { $statement } denies because { $has_held ->
    [yes] { $held }
   *[no] it is about everything that you may ask for
}
account-held-action = it is { $negated ->
    [yes] about everything but
   *[no] about
} { $wanted }
account-held-resource = it is { $negated ->
    [yes] for everything but
   *[no] for
} { $wanted }, this is { $actual }
account-held-condition = { $key } { $operator } { $wanted } holds, { $has_actual ->
    [yes] it is { $actual }
   *[no] the request has no such value
}
account-lack-action = it is { $negated ->
    [yes] about everything but
   *[no] about
} { $wanted }
account-lack-resource = it is { $negated ->
    [yes] for everything but
   *[no] for
} { $wanted }, this is { $actual }
account-lack-condition = { $key } { $operator } { $wanted } does not hold, { $has_actual ->
    [yes] it is { $actual }
   *[no] the request has no such value
}
refused-not-found = There is no request { $id } that you may see. `/image list` shows yours.
refused-own-request = Nobody approves or rejects their own request, whatever the rules say. To take { $id } back, press Cancel.
refused-already-reviewed = You have approved { $id } already; one person counts once.
refused-not-needed = Your approval would not help { $id }: the rule asks for others, or their places are taken.
refused-too-late = Too late: request { $id } is { $status }.
refused-too-early = Too early: request { $id } is still under way ({ $status }).
refused-reason-needed = { $has_id ->
    [yes] A reason is needed for { $id }.
   *[no] A reason is needed: add `--reason "…"`.
}
refused-not-yours = Only who asked for { $id } can do this.
refused-yourself = To yourself? That changes nothing; name somebody else.
refused-nothing-to-lend = You can't approve requests, so you have no approvals to delegate.
refused-too-often = You've delegated five times today. Try again tomorrow.
refused-not-in-channel = You aren't in { $channel }, so I can't notify it for you. Join it, or leave it out.
refused-not-lent = There is nothing to take back: you have lent your approvals to nobody.
refused-outsider = { $has_id ->
    [yes] Guests, deactivated accounts and people from other workspaces cannot approve or reject { $id }: its rule does not say otherwise.
   *[no] Approvals are lent to people: not to apps, and not to deactivated accounts.
}
refused-undecided = Slack cannot tell right now who is in which group, so nobody may decide anything. Nothing was done; try again in a minute.
refused-no-channel = There is no channel to post the request in. Use the command in a channel, or ask the operator to set IMAGE_CHANNEL.
refused-not-open = There is nothing to sign off at { $id }.
refused-too-many = You have as many open requests as one person may. Wait until some have ended, or cancel what you don't need.
refused-bad-time = That time cannot be used: it has to lie ahead, a start by 30 days at most and the end of a delegation by 90.
scope-mine = your requests
scope-pending = requests that wait for approval
scope-all = all requests
list-title = *{ $count ->
    [one] One request
   *[other] { $count } requests
}* ({ $scope })
list-empty = Nothing here ({ $scope }). `/image` opens the form.
list-more = There are more; these are the newest.
list-line = { $has_name ->
    [yes] *{ $name }*
   *[no] { $instance }
} · { $id } · { $status }
    { $instance } · { $requester } · { $at }
menu-show = Show
menu-cancel = Cancel request
menu-again = Request again
images-title = *{ $count ->
    [one] One image
   *[other] { $count } images
}*
images-line = *{ $name }* · { $image }
    { $instance } · { $at } · { $id }
images-empty = { $has_word ->
    [yes] No image with “{ $word }” in its name or ID.
   *[no] No images yet.
} `/image` opens the form.
images-more = There are more. Add a word: `/image images build`.
history-title = *{ $id }* · { $instance }
history-line = • { $at } { $what }{ $has_holder ->
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
history-event-reopened = An approver lost the right to approve, so it waits again
history-event-rejected = { $who } rejected it
history-event-expired = Nobody approved in time
history-event-cancelled = { $who } cancelled it
history-event-creating = Alibaba Cloud was asked to make the image
history-event-restarted = The first attempt didn't start; tried again
history-event-looked_up = No answer from Alibaba Cloud; checked whether the image was started
history-event-stalled = Alibaba Cloud refused to say how the image is doing
history-event-issued = Alibaba Cloud started making the image
history-event-available = Image ready
history-event-failed = The image couldn't be made
history-event-appeared = The image finished late
history-event-retried = { $who } started it again
history-event-signed_off = { $who } reviewed it afterwards
standing-pending = { $id } waits for approval.{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
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
standing-expired = Nobody approved { $id } by { $until }. `/image again` fills the form with it.
standing-cancelled = { $who } cancelled { $id }{ $has_reason ->
    [yes] : “{ $reason }”
   *[no] .
}
standing-failed = { $id } failed.
why-allowed = Yes, you can { $what }.
why-denied = No, you can't { $what }.
anyone = anyone in this workspace
why-approvers = Could approve: { $people }.
advice-deny = This is explicitly blocked. Change the request, or ask an admin to change the rule.
advice-policies = You'd need one of these policies: { $policies }.
advice-people = These people can do it: { $people }.
advice-ask = { $has_channel ->
    [yes] Ask the admins in { $channel }.
   *[no] Ask your image-bot admin.
}
button-unreadable = This button cannot be read any more. Type the command again.
why-rule = The rule “{ $rule }” asks for { $count ->
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
may-read = see other people's requests
answer-name-unusual = Alibaba Cloud might refuse the name “{ $name }”. Names usually have 2–128 characters: a letter first, then letters, numbers, colons, hyphens and underscores.
approver-lent = { $who } (or { $to } in their place)
approvers = { $count ->
    [0] Nobody can approve { $id } any more, or nothing is needed.
   *[other] Can still approve { $id }: { $people }.
}{ $has_needs ->
    [yes] {" "}{ $needs }.
   *[no] {""}
}

## Lent approvals

lent-now = { $delegate } may approve and reject in your place until { $until }. You still may, too; your place is filled once. `/image delegate off` takes it back.
lent-no-more = { $delegate } may no longer approve in your place.
lent-none = Nobody approves in your place, and you in nobody's. `/image delegate @somebody until friday` lends your approvals.
lent = { $delegate } may approve in your place until { $until }.
borrowed-now = { $delegator } has lent you their approvals until { $until }: what they may approve and reject, you may in their place. Nothing else changes.
borrowed-no-more = { $delegator } has taken back the approvals that they had lent you.
borrowed = You may approve in the place of { $delegator } until { $until }.

## Break glass

glass-ask = :rotating_light: *Break glass?* The image of { $instance } would be made without the approval that the rule “{ $rule }” asks for. { $channel } is told at once, with your name and your reason, and the request stays open until somebody who may approve has reviewed it. Nothing is filed yet.
glass-title = Make the image without approval?
glass-sure = The image of { $instance } is made at once. The channel is told, and somebody has to review it afterwards.
glass-yes = Yes, break the glass
glass-no = No

## The allowlist's keepers are told

admin-broken = :warning: *The allowlist was edited and cannot be used.* The rules before the edit stay in force until it is mended.
admin-more = … and { $count } more: `image-bot policy check` shows all.
admin-mended = :white_check_mark: *The allowlist is mended.* Its rules count from now on: { $policies ->
    [one] one policy
   *[other] { $policies } policies
}, { $rules ->
    [one] one approval rule
   *[other] { $rules } approval rules
}.

## Mistakes in a command

did-you-mean = Did you mean { $meant }?
mistake-subcommand-unknown = I do not know { $given }.{ $did_you_mean } There are: { $allowed }
mistake-create-missing = To ask for an image of { $given }, put `create` before it: `/image create …`.
mistake-on-the-card = Approve and reject with the buttons on the request's card. `/image list pending` shows what waits, `/image show` and its ID shows the buttons.
mistake-quote-open = A quotation mark is open: { $given }. Put one at the end of the text too.
mistake-flag-unknown = There is no { $given }.{ $did_you_mean } There are: { $allowed }
mistake-flag-twice = { $given } is there twice; say it once.
mistake-flag-needs-value = { $given } needs a value after it.
mistake-switch-value = This flag takes no { $given }: write it alone, or leave it out.{ $did_you_mean }
mistake-words-extra = I do not know what { $given } belongs to. Text with spaces goes in quotes: `--reason "for the new build"`.
mistake-request-missing = Which request? Write its id after { $given }: `r-…`. `/image list` shows yours.
mistake-scope-unknown = I cannot list { $given }.{ $did_you_mean } There are: { $allowed }
mistake-person-unknown = { $given } is nobody that I know. Write `@` and choose the person from Slack's list.
mistake-time-missing = Until when? Write a day or a time: `until friday`, `until 2026-12-01`, `until 18:00`, `2d`.
mistake-time-unknown = I can't read { $given } as a time. Try `22:00`, `friday 10 pm`, `1 dec`, `2026-12-01 22:00` or `2d`.
mistake-zone-unknown = Slack does not tell your time zone right now, so I cannot read { $given }. Try again in a minute.
mistake-command-long = The command is too long to be asked about: { $given } characters, at most { $allowed }. Shorten the description.
mistake-text-long = That's { $given } characters. A command can have { $allowed }; long text fits better in the form.
mistake-text-words = That's { $given } words and flags. A command can have { $allowed }. Put text with spaces in quotes.
mistake-channels-many = You can notify at most { $allowed } channels, not { $given }.
mistake-channel-unknown = { $given } is no channel. Write it as `#channel` and choose it from Slack's list.

## Mistakes in a field

problem-instance-id-missing = InstanceId is missing: write the id of the instance ({ $allowed }).
problem-instance-id-shape = InstanceId “{ $given }” is no instance id: it has letters, digits and hyphens only ({ $allowed }).
problem-instance-type-missing = InstanceType is missing, and the id does not tell it: choose one of { $allowed } (in the command, --type).
problem-instance-type-unknown = InstanceType “{ $given }” does not exist: choose one of { $allowed }.
problem-instance-type-mismatch = InstanceType “{ $given }” does not fit the id: it tells { $allowed }.
problem-sub-instance-id-shape = SubInstanceId “{ $given }” is no id: it has letters, digits and hyphens only ({ $allowed }).
problem-sub-instance-id-needs-workstation = SubInstanceId “{ $given }” is only for workstations ({ $allowed }); leave it out.
problem-image-name-length = ImageName “{ $given }” is too long: at most { $allowed } characters.
problem-description-length = Description “{ $given }” is too long: at most { $allowed } characters.
problem-disk-type-unknown = DiskType “{ $given }” does not exist: choose one of { $allowed }.
problem-auto-clean-userdata-unknown = AutoCleanUserdata “{ $given }” is neither yes nor no: { $allowed }.
problem-auto-clean-userdata-needs-desktop = AutoCleanUserdata is only for cloud desktops ({ $allowed }); leave it out.
problem-tag-shape = “{ $given }” isn't a tag. Write { $allowed }, and quotes around a value with a comma in it.
problem-tag-length = TagList: “{ $given }” is too long: a key and a value have at most { $allowed } characters each.
problem-tag-value-missing = Tag “{ $given }” has no value. Write { $allowed }.
problem-tag-ambiguous = “{ $given }” can be read as one tag or as several ({ $allowed }). Put one tag on a line, or quotes around the value.
problem-tag-reserved = Tag “{ $given }” can't start like that: Alibaba Cloud keeps these for itself ({ $allowed }).
problem-tag-duplicate = TagList: “{ $given }” is there more than once; each key can have one value.
problem-tag-count = TagList: { $given } tags are too many: at most { $allowed }.
problem-notify-count = You can notify at most { $allowed } channels, not { $given }.
problem-region-shape = “{ $given }” isn't a region. Write one like { $allowed }.

## What the cloud says, in our words

cloud-instance-not-found = The cloud knows no such instance. Check the instance id, and that it belongs to this account and region.
cloud-desktop-not-found = The cloud knows no such cloud desktop. Check the instance id, and that it belongs to this account and region.
cloud-image-unsupported = No image can be made of this instance: its kind does not support it.
cloud-physical-node-missing = The machine behind this instance is not there. Ask whoever runs the cloud account.
cloud-task-exists = Another image of this instance is being made. Wait until it is done.
cloud-builder-quota = The cloud makes as many images as it may at once. Wait until one is done.
cloud-base-image-not-configured = The instance's base image is not set up in the cloud. Ask whoever runs the cloud account.
cloud-image-record-failed = The cloud could not file the image. Try again; if it stays so, ask whoever runs the cloud account.
cloud-image-missing = The image behind this instance does not exist any more. Ask whoever runs the cloud account.
cloud-distribution-not-allowed = The image may not be distributed to this region. Ask whoever runs the cloud account.
cloud-image-update-not-allowed = The image behind this instance cannot be updated now. Ask whoever runs the cloud account.
cloud-shared-image-not-allowed = The image behind this instance is shared and cannot be updated. Ask whoever runs the cloud account.
cloud-parent-region-missing = The parent image is not in this region. Ask whoever runs the cloud account.
cloud-internal-error = The cloud broke while it made the image, so nobody knows yet whether there is one.
cloud-biz-type = The cloud refuses the BizType that the operator set. Ask the operator to mend APPSTREAM_BIZ_TYPE.
cloud-clock = The clock of the bot's machine is wrong, so the cloud refuses its calls. Ask the operator to set it.
cloud-nonce-used = The cloud has seen this very call before, so nobody knows yet what became of it.
cloud-signature = The cloud refuses the bot's signature. Ask the operator to check the access key.
cloud-security-token = The bot's security token is missing or no longer valid. Ask the operator to renew it.
cloud-api-not-found = The cloud does not know the operation at this address. Ask the operator to check APPSTREAM_ENDPOINT.
cloud-needs-https = The cloud wants to be called by HTTPS. Ask the operator to check APPSTREAM_ENDPOINT.
cloud-forbidden = The bot's own access key lacks the permission. Ask the operator to extend its RAM policy.
cloud-unavailable = The cloud was not available, so nobody knows yet what became of the call.
cloud-throttled = The cloud asked for a pause: too many calls.
cloud-access-key = The cloud does not accept the bot's access key. Ask the operator to check it.
cloud-parameter = The cloud refuses one of the parameters.
cloud-other = The cloud refused the call.
cloud-not-the-cloud = Something answered in the cloud's place. Ask the operator to check APPSTREAM_ENDPOINT and the network.
cloud-no-answer = The cloud did not answer in time, so nobody knows yet what became of the call.
cloud-unreadable = The cloud's answer could not be read, so nobody knows yet what became of the call.
cloud-server-error = The cloud broke, so nobody knows yet what became of the call.
cloud-instance-state = The instance isn't in the state that this needs.
cloud-unreachable = The cloud could not be reached; nothing was sent.
cloud-credentials = The bot has no credentials for the cloud. Ask the operator to set them.

## When something breaks

broken = Something broke on our side, and it is written down as { $reference }. Nothing more was done; try again, and tell the operator this reference if it stays so.
broken-store = The bot cannot reach its database, so nothing was done. Try again in a minute.
broken-store-unknown = The database didn't answer in time, so this may or may not have been saved. Check `/image list` before you try again.
broken-unknown = This button or form is of a version that the bot no longer knows ({ $reference }). Type `/image` to start again.
broken-late = Slack gave up on waiting before the form could open. Press once more, or type `/image` again.

## Help

help-title = *Ask for a custom image of a cloud desktop or workstation.* `/image` opens a form, or copy this line:
    `/image create ws-0buj1s9gm --name build-tools --reason "for the new build"`
help-more = `/image help create` tells more about a command.
help-group-ask = *Ask*
help-group-follow = *Follow*
help-group-approve = *Approve*
help-line = { $usage } { $does }
does-create = asks for an image
does-why = tells why a request waits or failed, or whether you could ask for an image
does-whoami = shows what you can do
does-help = shows this, or one command
does-list = lists requests
does-show = shows a request
does-cancel = takes a request back
does-retry = starts a failed request again
does-approvers = shows who can still approve
does-delegate = lets somebody approve for you
does-again = opens the form, filled with an earlier request
does-history = tells a request's story
does-images = lists images made through the bot
help-again = Opens the form filled with an earlier request. Everything is checked anew when you send it.
help-history = Tells a request's story from the audit log.
help-images = Lists images that were made through the bot: yours, and others' if you can read them. Add a part of a name or an ID to search.
help-create = Asks for an image. IDs begin with `ws-` (workstation) or `ecd-` (cloud desktop); any other needs `--type`. Put text with spaces in quotes:
    `/image create ws-0buj1s9gm --name build-tools --reason "for the new build"`
flag-name = `--name` _text_: what the image is called
flag-description = `--description` _text_: what is in it
flag-type = `--type CloudDesktop` or `--type WuyingServer`: when the ID doesn't tell
flag-sub-instance = `--sub-instance` _ID_: a workstation's session
flag-disk = `--disk ALL` or `--disk SYSTEM`: which disks the image holds
flag-clean-userdata = `--clean-userdata`: leave out the user profiles (cloud desktops)
flag-tag = `--tag` _key=value_: as often as you like
flag-reason = `--reason` _text_: approvers see this
flag-notify = `--notify` _#channel_: who else is told the result, five at most
flag-at = `--at` _time_: don't start before, in your time zone: `22:00`, `'friday 10 pm'`, `'1 dec'`, `4h`
flag-stop-first = `--stop-first`: stop the machine first, and start it again afterwards
flag-distribute = `--distribute` _region_: copy the finished image there, as often as you like
flag-break-glass = `--break-glass`: skip approval in an emergency; needs a reason, and somebody reviews it afterwards
help-list = Lists your requests, those that wait first. `/image list pending` lists what waits for approval: everybody's if you can read them, else yours. `/image list all` lists everybody's.
help-show = Shows a request as its card has it. An ID or a link to the card will do.
help-cancel = Takes back a request of yours that isn't being made yet. Words after the ID are the reason.
help-retry = Starts a failed request of yours again within a day, under the approval it had.
help-why = With a request's ID: why it waits, was refused or failed. With an instance ID and flags: whether you could ask for that image, which rule decides, who could approve it, or whom to ask.
help-approvers = Shows who can still approve a request. Nobody is pinged.
help-whoami = Shows your groups, your policies, what you can do, and your delegations.
help-delegate = Lets somebody approve and reject for you until then: `friday` (all of it), `tomorrow`, `1 dec`, `friday 6 pm`, `2d`. They get none of your other rights, both names are on the card and in the audit log, and it counts as one approval.
    `/image delegate off` takes it back, `/image delegate` shows your delegations.
help-help = Lists the commands, or tells more about one.
