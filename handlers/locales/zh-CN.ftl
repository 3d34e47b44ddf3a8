### 用户读到的每一句话。Project Fluent（https://projectfluent.org/fluent/guide/）。
### `*粗体*`、`_斜体_` 和 :emoji: 是 Slack 的写法；参数已经转义。每个文本参数 `$x` 旁边都有
### `$has_x`：有内容时是 `yes`，否则是 `no`。

## 时间和数字

date-pattern = {"{"}date_short_pretty{"}"} {"{"}time{"}"}
list-separator = {"、"}
clause-separator = {"；"}
sentence-space = {""}
span-seconds = { $count } 秒
span-minutes = { $count } 分钟
span-hours = { $count } 小时
span-days = { $count } 天
the-bot = 机器人
the-operator = 管理员

## 状态

status-pending = :hourglass_flowing_sand: *等待审批*
status-approved = :ballot_box_with_check: *已批准*
status-creating = :gear: *正在创建镜像*
status-available = :white_check_mark: *可用*
status-rejected = :no_entry: *已拒绝*
status-expired = :alarm_clock: *已过期*
status-cancelled = :wastebasket: *已取消*
status-failed = :x: *创建失败*
status-text-pending = 等待审批
status-text-approved = 已批准
status-text-creating = 正在创建
status-text-available = 可用
status-text-rejected = 已拒绝
status-text-expired = 已过期
status-text-cancelled = 已取消
status-text-failed = 创建失败

## 卡片

card-text = { $requester } 申请为 { $machine } 创建镜像“{ $name }”：{ $has_needs ->
    [yes] { $needs }
   *[no] { $status }{ $has_image ->
        [yes] {"，镜像 ID "}{ $image }
       *[no] {""}
    }
}。
card-title-pending = 镜像申请：{ $name }
card-title-approved = 镜像申请：{ $name }
card-title-creating = 正在创建镜像：{ $name }
card-title-available = 镜像已就绪：{ $name }
card-title-rejected = 申请已拒绝：{ $name }
card-title-expired = 申请已过期：{ $name }
card-title-cancelled = 申请已取消：{ $name }
card-title-failed = 镜像创建失败：{ $name }
card-waiting = :hourglass_flowing_sand: { $needs }
card-machine = 实例
card-type = 类型
card-requester = 申请人
card-disks = 磁盘
copy-under-way = { $region }（{ $progress }%）
copy-available = :white_check_mark: { $region }
copy-failed = :x: { $region }
card-start = 开始时间
card-starts = { $has_at ->
    [yes] 不早于 { $at }
   *[no] 批准后立即开始
}
card-stop-first = 先关机，完成后再开机
card-last-image = 该实例的上一个镜像
card-no-reason = _未填写理由_
card-description = 描述：{ $value }
card-tags = 标签：{ $value }
card-sub-instance = 会话：{ $value }
card-regions = 同时分发到 { $value }
card-making = :gear: { $bar }
card-begun = 刚刚开始
card-progress = { $percent }%
progress-left = 预计还需 { $span }
progress-steady = {""}
progress-slow = 比平时慢
progress-stuck = { $has_since ->
    [yes] 自 { $since } 起没有进展
   *[no] 已有一段时间没有进展
}，我们会继续关注
card-image-id = :white_check_mark: { $image } · <https://appstreaming.console.aliyun.com/|打开控制台>
card-queued = 排队中，第 { $place } 位
card-expired = :alarm_clock: 没有人在有效期内批准。
card-failed = :x: { $why }
card-approve-by = 请在 { $at } 前审批
card-took = 创建用时 { $span }
card-approved-by = :white_check_mark: { $who } { $has_holder ->
    [yes] 代 { $holder } 批准
   *[no] 已批准
}，{ $at }{ $has_reason ->
    [yes] ：{ $reason }
   *[no] {""}
}
card-rejected-by = :no_entry: { $who } { $has_holder ->
    [yes] 代 { $holder } 拒绝
   *[no] 已拒绝
}，{ $at }{ $has_reason ->
    [yes] ：{ $reason }
   *[no] {""}
}
card-cancelled-by = :wastebasket: 已由 { $who } 取消{ $has_reason ->
    [yes] ：{ $reason }
   *[no] {""}
}
card-emergency-open = :rotating_light: 未经审批创建，等待事后复核。
card-emergency-signed = :rotating_light: 未经审批创建，{ $who } 已复核。
type-CloudDesktop = 无影云电脑
type-WuyingServer = 工作站
disks-ALL = 系统盘和数据盘
disks-SYSTEM = 仅系统盘
needs = { $filled ->
    [0] { $mark }等待 { $count } 人批准{ $mark }
   *[other] { $mark }还需 { $count } 人批准{ $mark }
}{ $has_who ->
    [yes] {" "}（{ $who }）
   *[no] {""}
}{ $filled ->
    [0] {""}
   *[other] ，已批准 { $filled } 人，共需 { $needed } 人
}{ $has_others ->
    [yes] ，也可由 { $others } 批准
   *[no] {""}
}
needs-several = { $filled ->
    [0] { $mark }等待 { $count } 人批准{ $mark }
   *[other] { $mark }还需 { $count } 人批准{ $mark }
} ：{ $slots }{ $filled ->
    [0] {""}
   *[other] ，已批准 { $filled } 人，共需 { $needed } 人
}{ $has_others ->
    [yes] ，也可由 { $others } 批准
   *[no] {""}
}
needs-place = { $has_who ->
    [yes] { $who } { $count } 人
   *[no] { $count } 人
}
needs-others = 其他人
list-or = {" "}或{" "}
needs-anyone = 任意 { $count } 位审批人
needs-of = {" "}{ $who } 中的 { $count } 人
danger-clean = :warning: *镜像中不保留用户数据* ，且无法从镜像中恢复。
danger-running = :warning: *实例正在运行* { $has_users ->
    [yes] （已连接：{ $users }）
   *[no] {""}
}，镜像中的数据可能不一致。
danger-missing = :warning: { $has_regions ->
    [yes] *在 { $regions } 中没有该 ID 的云电脑* ，请核对 ID。如果它在其他地域，请管理员添加该地域。
   *[no] *在阿里云上找不到该实例* ，请核对 ID。
}
danger-unknown = :warning: *未能查询该实例* ，阿里云没有响应。
danger-session = :warning: { $count ->
    [0] *未查到该工作站的会话* ，申请中也没有指定会话。
   *[other] *该工作站有 { $count } 个会话* ，申请中没有指定会话。
}
danger-others = :information_source: 该实例还有 { $count } 个未完成的申请。
queue-instance-busy = 等待该实例的另一个镜像完成
queue-places-taken = 排队中，等待其他镜像完成
queue-cloud-busy = 等待中：阿里云要求稍后再试
danger-stop = :warning: *实例正在运行，将先关机*{ $has_users ->
    [yes] {" "}（已连接：{ $users }）
   *[no] {""}
}
power-stopping = 正在关闭 { $machine }。
power-stopped = { $machine } 已关机，镜像完成后再开机。
power-starting = 正在重新启动 { $machine }。
power-late = :warning: { $machine } 还没有恢复运行，我们会继续尝试。
queue-cloud-unsure = 等待中：阿里云返回了未知的错误，我们会继续重试
queue-cloud-away = 等待中：阿里云没有返回该实例的状态，正在重试
queue-other = 排队中
failure-image-create-failed = 阿里云开始创建镜像，但没能完成。可以重试，或把下面的请求 ID 发给管理员。
failure-timed-out = 创建时间过长。我们会再关注一天，如果最终完成，会在消息列中告知。
failure-cloud-silent = 阿里云一直没有确认这个镜像，我们也找不到它。重试前请到控制台查看。
failure-doubtful-images = 找到了可能属于该申请的镜像，但无法确定，因此没有采用。请让管理员到阿里云控制台核对。
failure-no-answer = 阿里云一直没有返回该实例的状态，我们已停止查询。等它恢复后可以重试。
failure-copy-failed = 阿里云开始分发，但没能完成。请到控制台自行分发，或请管理员处理。
failure-copy-timed-out = 分发时间过长，请到控制台查看镜像。
failure-copy-silent = 阿里云一直没有确认这次分发。自行分发前请到控制台查看。
failure-copy-rights-lost = 你已不再有分发该镜像的权限，请联系管理员。
failure-cloud = 阿里云返回（{ $code }）：{ $message }
failure-request = 阿里云请求 ID：{ $id }
reason-rights-lost = 镜像开始创建前，{ $requester } 已失去创建权限。
failure-stop-timed-out = 实例没有在规定时间内关机，因此没有创建镜像。请关闭实例上打开的程序或自行关机，然后重试。
failure-instance-changed = 创建镜像之前，有人启动了该实例。请与对方约好时间后重试。
failure-instance-gone = 阿里云上已没有该实例，请核对实例 ID。
failure-start-timed-out = 请到控制台自行开机，或请管理员处理。
button-approve = 批准
button-reject = 拒绝
button-cancel = 取消申请
button-retry = 重试
button-sign-off = 标记为已复核
button-again = 再次申请
button-why = 详情
button-break-glass = 跳过审批
button-form = 打开表单
button-show = 查看 { $id }
button-choose = 选择
button-request = 申请镜像
button-previous = 上一页
button-next = 下一页
button-anyway = 仍然申请
confirm-clean-approve = { $machine } 的镜像“{ $name }”中，C:\Users 下只保留 Administrator 和 Public。清除的用户数据无法从镜像中恢复。
confirm-back = 返回

## 消息列

entry-end = { $requester } { $told }
about = { $machine } 的镜像 { $name } · { $requester } 在 { $channel } 申请 · { $id }
undeliverable = 机器人无法在 { $channel } 发消息（Slack 返回：{ $code }）。
nowhere-not-in = 请在该频道中用 `/invite @image-bot` 邀请机器人，消息会随后补发。
nowhere-not-found = 如果是私有频道，请在该频道中用 `/invite @image-bot` 邀请机器人，消息会随后补发。如果频道已不存在，请让管理员换一个。
nowhere-archived = 该频道已归档。请取消归档，或让管理员换一个频道。
nowhere-restricted = 请让管理员允许机器人在该频道发消息。
event-unposted = *{ $name }* 的申请卡片暂时无法发出。
event-frozen = Slack 不再允许修改这张卡片。申请当前状态：{ $status }。
event-submitted = { $actor } 申请为 { $machine } 创建镜像。
event-inspected = 已在阿里云上查询 { $machine }。
event-reviewed = { $actor } { $has_holder ->
    [yes] 代 { $holder } 批准了申请。
   *[no] 批准了申请。
}{ $has_needs ->
    [yes] { $needs }。
   *[no] {""}
}
event-reminded = { $has_helpers ->
    [yes] { $helpers } 请审批。
   *[no] {""}
}{ $has_needs ->
    [yes] { $needs }
   *[no] 仍在等待审批
}。请在 { $until } 前审批。
event-escalated = { $has_helpers ->
    [yes] { $helpers } 现在你们也可以审批
   *[no] 现在更多人可以审批
}。{ $has_needs ->
    [yes] { $needs }。
   *[no] {""}
}
event-approved = 已全部批准，即将开始。
event-bypassed = { $actor } 跳过了审批：{ $machine } 的镜像正在创建，没有经过{ $has_rule ->
    [yes] 规则“{ $rule }”要求的批准
   *[no] 审批
}。须由有审批权限的人事后用卡片上的按钮复核。
event-reopened = 有审批人已失去审批权限，申请需要重新审批。{ $has_needs ->
    [yes] { $needs }。
   *[no] {""}
}
event-rejected = *{ $name }* 已由 { $actor } { $has_holder ->
    [yes] 代 { $holder } 拒绝
   *[no] 拒绝
}。
event-expired = 没有人在有效期内批准 *{ $name }* ，申请已过期。可以在卡片上再次申请。
event-cancelled = 已由 { $actor } 取消。
event-queued = 尚未开始{ $has_waits ->
    [yes] ，{ $waits }
   *[no] {""}
}。
event-creating = 正在创建镜像……
event-restarted = 第一次没能开始创建，正在重试。
event-stalled = 暂时无法查询镜像进度。我们会继续尝试，不会丢失任何内容。
event-lapsed = 该申请不能再重试了。
event-looked_up = 阿里云没有响应，正在检查镜像是否已开始创建。
event-issued = 阿里云正在创建镜像 { $image }。
event-watched = 镜像仍在创建中。
event-stopping = 正在先关闭 { $machine }。
event-stopped = { $has_somebody ->
    [yes] { $machine } 原本已关机，之后也保持关机。
   *[no] { $machine } 已关机。
}
event-starting = 正在重新启动 { $machine }。
event-started = { $has_somebody ->
    [yes] 已有人启动了 { $machine }。
   *[no] { $machine } 已恢复运行。
}
event-start_failed = :warning: { $requester }，{ $machine } 还没有恢复运行。我们会继续尝试一天，其间该实例的其他申请需要等待。
event-start_abandoned = :warning: { $requester }，{ $machine } 没能重新开机，我们已停止尝试。
event-available = { $machine } 的镜像 *{ $name }* 已就绪：{ $image }{ $has_making ->
    [yes] ，创建用时 { $making }
   *[no] {""}
}。现在可以在<https://appstreaming.console.aliyun.com/|控制台>中使用。{ $has_regions ->
    [yes] 正在分发到 { $regions }。
   *[no] {""}
}
event-distributing = 正在把镜像分发到 { $regions }。
event-distributed = 镜像已分发到 { $regions }。
event-distribution_failed = :warning: { $requester }，镜像没能分发到 { $regions }。
event-failed = { $machine } 的镜像 *{ $name }* 创建失败。{ $has_retry ->
    [yes] 一天之内可以按卡片上的“重试”，沿用原来的批准。
   *[no] {""}
}
event-appeared = { $machine } 的镜像 *{ $name }* 完成得较晚，现在已就绪：{ $image }{ $has_making ->
    [yes] ，创建用时 { $making }
   *[no] {""}
}。{ $has_regions ->
    [yes] 正在分发到 { $regions }。
   *[no] {""}
}
event-retried = { $actor } 重新开始了创建。
event-signed_off = { $actor } { $has_holder ->
    [yes] 代 { $holder } 复核了这个紧急申请。
   *[no] 复核了这个紧急申请。
}

## 表单

form-title = 申请镜像
form-submit = 提交申请
form-close = 关闭
form-more = 更多选项
form-outlook = 需要{ $who }批准，{ $span }后过期。
form-no-approval = 无需审批，提交后立即开始。
form-twin = :information_source: 你为该实例提交的申请 { $id } 还没有结束。如果仍要再提交一个，请再点一次 *提交申请* 。
field-instance_id = 实例
field-instance_type = 实例类型
field-sub_instance_id = 会话
field-image_name = 镜像名称
field-description = 描述
field-disk_type = 磁盘
field-auto_clean_userdata = 用户数据
field-tags = 标签
field-reason = 理由
field-notify = 同时通知
field-start_at = 开始时间
field-stop_first = 先关机
field-regions = 同时分发到
hint-stop_first = 实例运行时创建的镜像，数据可能不一致。
hint-regions = 镜像完成后，会分发到这些地域。
hint-start_at = 留空则在批准后立即开始。
example-regions = cn-beijing, ap-southeast-1
stop-option = 先关机，完成后再开机
hint-instance_id = 按名称或 ID（InstanceId）搜索。
hint-instance_type = 仅当 ID 不以 ws- 或 ecd- 开头时需要（InstanceType）。
hint-sub_instance_id = 工作站的持久会话（SubInstanceId）。
hint-image_name = 留空则使用实例名称（ImageName）。
hint-description = 我们会补上申请人和审批人。
hint-disk_type = 镜像中包含的磁盘（DiskType）。
hint-auto_clean_userdata = 不保留的用户数据无法从镜像中恢复（AutoCleanUserdata）。
hint-tags = 每行一个 KEY=VALUE，或用逗号分隔（TagList）。
hint-regions-unlisted = 填写地域 ID，用逗号分隔。阿里云暂时无法列出地域。
choose-regions = 选择地域
region-cn-qingdao = 华北 1（青岛）
region-cn-beijing = 华北 2（北京）
region-cn-zhangjiakou = 华北 3（张家口）
region-cn-wulanchabu = 华北 6（乌兰察布）
region-cn-hangzhou = 华东 1（杭州）
region-cn-shanghai = 华东 2（上海）
region-cn-nanjing = 华东 5（南京）
region-cn-shenzhen = 华南 1（深圳）
region-cn-guangzhou = 华南 3（广州）
region-cn-chengdu = 西南 1（成都）
region-cn-hongkong = 中国香港
region-cn-hangzhou-finance = 华东 1 金融云（杭州）
region-cn-shanghai-finance-1 = 华东 2 金融云（上海）
region-ap-northeast-1 = 日本（东京）
region-ap-southeast-1 = 新加坡
region-ap-southeast-5 = 印度尼西亚（雅加达）
region-ap-southeast-6 = 菲律宾（马尼拉）
region-ap-southeast-7 = 泰国（曼谷）
region-us-west-1 = 美国（硅谷）
region-eu-west-1 = 英国（伦敦）
region-eu-central-1 = 德国（法兰克福）
region-me-central-1 = 沙特（利雅得）
hint-reason = 审批人会看到。
hint-notify = 这些频道会收到结果。私有频道请先邀请机器人。
example-instance_id = 选择实例
example-sub_instance_id = p-0cc7s3n1l
example-image_name = build-tools-2026
example-description = 镜像里有什么
example-tags = team=build
example-reason = 镜像的用途
clean-option = 不保留用户数据：C:\Users 下只保留 Administrator 和 Public
machine-typed = 使用“{ $text }”
machine-unknown = 暂时查不到“{ $given }”，提交时会向阿里云核对。
machine-users = 已连接：{ $users }
machine-session = 会话 { $session }
machine-none = 阿里云上没有实例“{ $given }”。{ $has_nearest ->
    [yes] 是不是要找 { $nearest }？
   *[no] 请按名称搜索，或核对 ID。
}{ $has_regions ->
    [yes] {""}只在 { $regions } 中查找了云电脑。
   *[no] {""}
}
machine-several = 有多个实例与“{ $given }”匹配：{ $names }。请从列表中选择一个。
machine-choose = 有 { $count } 个实例与“{ $given }”匹配，是哪一个？
machine-more = 还有 { $count } 个。请输入更完整的名称，或使用 ID。`/image instances` 可列出全部。
machine-not-found = 没有找到你可以申请镜像的实例“{ $given }”，因此没有提交。{ $count ->
    [0] 用 `/image instances` 查看你可以申请的实例。
   *[other] 是不是下面的某一个？
}{ $has_regions ->
    [yes] {""}只在 { $regions } 中查找了云电脑。
   *[no] {""}
}
machine-unsure = 阿里云没有响应，暂时无法查询“{ $given }”。请使用实例 ID（`ws-…` 或 `ecd-…`），或一分钟后再试。
machine-sessions = { $name } 有 { $count } 个会话，是哪一个？
instances-title = *{ $count } 个实例*{ $has_word ->
    [yes] {" "}与“{ $word }”匹配，可以申请镜像
   *[no] {" "}可以申请镜像
}
instances-more = 可能还有更多。请加上名称的一部分：`/image instances build`。
instances-empty = { $why }。
machine-state-RUNNING = 运行中
machine-state-STOPPED = 已关机
machine-state-STARTING = 开机中
machine-state-STOPPING = 关机中
machine-state-OTHER = 其他状态
machine-state-said = 阿里云返回的状态是“{ $said }”
machine-state-MISSING = 未找到
machine-state-UNKNOWN = 状态未知
machines-nothing-allowed = 你没有权限为这些实例申请镜像
machines-no-match = 没有匹配的实例
machines-no-instances = 阿里云上没有实例
machines-loading = 正在加载，请稍后再试
machines-forbidden = 机器人没有列出实例的权限，请联系管理员
machines-silent = 阿里云没有响应，请直接输入 ID
machines-undecided = Slack 暂时无法确认你的身份，请稍后再试
reject-title = 拒绝这个申请？
reject-submit = 拒绝
reject-hint = 申请人和频道都会看到。
reject-example = 例如：周五之前还在使用
review-about = { $machine } 的镜像 *{ $name }* ，申请人：{ $requester }。
reject-does = 不会创建镜像，申请人可以再次申请。此操作无法撤销。
approve-does = 批准立即生效，不能撤回。所需批准齐全后即开始创建镜像。
approve-example = 例如：已和团队确认
approve-title = 批准这个申请？
approve-submit = 批准
approve-hint = 这个申请要求审批人填写理由，频道会看到。
home-request = 申请镜像
home-waiting = 待我审批
home-waiting-none = 没有待你审批的申请。
home-waiting-line = *{ $name }* · { $machine }
    { $requester } · 请在 { $until } 前审批 · { $id }
home-reason = “{ $reason }”
home-mine = 进行中的申请
home-mine-none = 你没有进行中的申请。
home-mine-line = *{ $name }* · { $machine }
    { $status }
    { $at } · { $id }
home-made = 我的镜像
home-made-none = 还没有镜像。
home-made-line = *{ $name }* · { $machine }
    { $image } · { $at }
home-made-more = 还有更多：`/image images`。
home-rights = 我的权限
home-may = 你可以：
home-may-line = • { $what }
home-may-nothing = 你还没有申请或审批镜像的权限，请联系 image-bot 的管理员。
home-undecided = Slack 暂时无法提供你所在的用户组，因此无法显示待你审批的申请。请一分钟后再试。
card-ping = { $groups } 请审批。
home-choices = 通知设置
choice-told = *我的申请* ：私信通知我
choice-decided = 批准或拒绝时
choice-done = 镜像完成时
choice-waiting = *待我审批* ：私信通知我
choice-waiting-never = 从不
choice-waiting-each = 每个申请
choice-waiting-daily = 超过三个时，每天一次
choice-quiet = *免打扰时段* ：暂不发送私信（按我的时区）
choice-quiet-none = 不设置
choice-quiet-from = 从 { $hour } 起
choice-quiet-until = 到 { $hour }
digest-title = *有 { $count }{ $more ->
    [yes] +
   *[no] {""}
} 个申请待你审批。*
digest-line = • *{ $name }* · { $requester } · { $id }
digest-home = 可在“主页”标签中逐个审批，也可在那里修改提醒频率。
direct-waits = { $machine } 的镜像 *{ $name }* 待你审批，申请人：{ $requester }。请在 { $until } 前审批，可在此处或 { $channel } 操作（{ $id }）。
home-back = 上一页
home-on = 下一页

## 回复

answer-started = 申请 { $id } 已跳过审批并开始。{ $channel } 会收到通知，须有人事后复核。
answer-submitted = { $again ->
    [yes] 申请 { $id } 之前已经发送到
   *[no] 申请 { $id } 已发送到
} { $channel }。{ $has_start ->
    [yes] 开始时间不早于 { $start }。
   *[no] {""}
}{ $has_needs ->
    [yes] { $needs }。
   *[no] {""}
}
answer-machine = 实例：{ $name }（{ $instance }）。
answer-approved = 你已{ $has_holder ->
    [yes] 代 { $holder }
   *[no] {""}
}批准 { $id }。{ $has_needs ->
    [yes] { $needs }。
   *[no] 批准已齐，即将开始。
}
answer-rejected = 你已{ $has_holder ->
    [yes] 代 { $holder }
   *[no] {""}
}拒绝 { $id }。
answer-signed-off = 你已将 { $id } 标记为已复核。
answer-cancelled = { $id } 已取消。
answer-retried = 正在重试 { $id }。
answer-denied = 你没有权限{ $what }。
denied-data-disk = 你不能创建包含数据盘的镜像。请选择“仅系统盘”（`--disk SYSTEM`）。
denied-clean = 你不能创建不含用户数据的镜像。请去掉 `--clean-userdata`。
denied-stop-first = 你不能使用“先关机”。请自行关机，或去掉 `--stop-first`。
denied-value = 你的申请不能使用 { $key } = { $actual }。请修改，或点“详情”查看可以找谁。
denied-ask = 点“详情”查看可以联系谁。
account-allowed = 由 { $statements } 允许。
account-denied = 由 { $statements } 拒绝。
account-silent = 白名单中没有规则给你这个权限。
account-statement = { $policy } Statement[{ $index }]（{ $effect }）
account-missed = • { $statement } 不匹配：{ $lacks }
account-spoke = • { $statement } 禁止了这个操作：{ $has_held ->
    [yes] { $held }
   *[no] 它涵盖你能申请的一切
}
account-held-action = { $negated ->
    [yes] 它涵盖除此以外的全部操作：
   *[no] 它涵盖的操作：
}{ $wanted }
account-held-resource = { $negated ->
    [yes] 它涵盖除此以外的全部资源：
   *[no] 它涵盖的资源：
}{ $wanted }，而这里是 { $actual }
account-held-condition = { $has_actual ->
    [yes] 这条规则禁止 { $key } = { $actual }
   *[no] 这条规则禁止没有 { $key } 的申请
}（{ $operator } { $wanted }）
account-lack-action = { $negated ->
    [yes] 它涵盖除此以外的全部操作：
   *[no] 它只涵盖操作：
}{ $wanted }
account-lack-resource = { $negated ->
    [yes] 它涵盖除此以外的全部资源：
   *[no] 它只涵盖资源：
}{ $wanted }，而这里是 { $actual }
account-lack-condition = 条件 { $key } { $operator } { $wanted } 不成立：{ $has_actual ->
    [yes] 实际是 { $actual }
   *[no] 申请中没有这个值
}
refused-not-found = 找不到你能查看的申请 { $id }。用 `/image list` 查看你的申请。
refused-own-request = 你不能审批自己的申请。要撤回 { $id }，请点“取消申请”。
refused-already-reviewed = 你已经批准过 { $id }，每个人只计一次。
refused-not-needed = { $id } 不需要你的批准。
refused-too-late = 已经来不及了：{ $id } 的状态是“{ $status }”。
refused-too-early = 暂时还不能：{ $id } 仍在进行中（{ $status }）。
refused-reason-needed = { $has_id ->
    [yes] { $id } 需要填写理由。
   *[no] 需要填写理由：请加上 `--reason "…"`，或使用表单。
}
refused-not-yours = 只有 { $id } 的申请人可以执行此操作。
refused-yourself = 不能委托给自己，请选择其他人。
refused-nothing-to-delegate = 你没有审批权限，因此没有可以委托的内容。
refused-too-often = 你今天已经委托了五次，请明天再试。
refused-repeated = 这个操作你已经提交过，没有重复执行。用 `/image list` 查看你的申请。
refused-not-in-channel = 你不在 { $channel } 中，无法替你通知它。请先加入，或去掉这个频道。
refused-not-delegated = 你没有可以结束的委托。
refused-outsider = { $has_id ->
    [yes] 访客、已停用的账号和其他工作区的人不能审批 { $id }。
   *[no] 只能委托给人，不能委托给应用或已停用的账号。
}
refused-not-set-up = Slack 不允许机器人查看谁在哪个用户组，因此没有执行任何操作。请管理员修正应用的权限：`image-bot doctor` 会指出缺少什么。
refused-undecided = Slack 暂时无法告知谁在哪个用户组，因此没有执行任何操作。请一分钟后再试。
refused-no-channel = 没有可以发送申请的频道。请在频道中使用命令，或让管理员设置 IMAGE_CHANNEL。
refused-not-open = { $id } 没有需要复核的内容。
refused-already-open = 你已为该实例提交了申请 { $id }，它还没有结束。
refused-too-many = 你进行中的申请已达上限。请等一些申请结束，或取消不需要的申请。
refused-too-fast = 你提交申请太快了。请等一分钟后再试。
refused-bad-start = 开始时间须在未来 30 天以内。
refused-bad-end = 结束时间须在未来 90 天以内。
scope-mine = 你的申请
scope-pending = 等待审批
scope-all = 全部申请
list-title = *{ $scope }*{ $has_page ->
    [yes] {" "}· 第 { $page } 页
   *[no] {""}
}
list-empty = *{ $scope }* ：还没有内容。用 `/image` 打开表单。
list-line = *{ $name }* · { $machine }
    { $status }{ $has_requester ->
    [yes] {" "}· { $requester }
   *[no] {""}
}
    { $at } · { $id }
menu-show = 查看
menu-cancel = 取消申请
menu-again = 再次申请
menu-history = 历史记录
menu-approvers = 谁可以批准
menu-copy = 复制为命令
images-title = *{ $count } 个镜像*
images-line = *{ $name }* · { $image }
    { $machine } · { $at } · { $id }
images-empty = { $has_word ->
    [yes] 没有名称或 ID 包含“{ $word }”的镜像。
   *[no] 还没有镜像。
}用 `/image` 打开表单。
images-more = 还有更多。可以加上关键词：`/image images build`。
history-title = *{ $name }* · { $machine } · { $id }
history-line = • { $at } · { $what }{ $has_holder ->
    [yes] （代 { $holder }）
   *[no] {""}
}{ $has_reason ->
    [yes] ：“{ $reason }”
   *[no] {""}
}
history-more = ……还有 { $count } 条
history-event-submitted = { $who } 提交了申请
history-event-reviewed = { $who } 批准
history-event-reminded = 已发送提醒
history-event-escalated = 更多人可以审批
history-event-approved = 已全部批准
history-event-bypassed = { $who } 跳过了审批（紧急）
history-event-reopened = 有审批人失去审批权限，重新等待审批
history-event-rejected = { $who } 拒绝
history-event-expired = 无人按时审批
history-event-cancelled = { $who } 取消
history-event-stopping = 已请求关机
history-event-stopped = 实例已关机
history-event-starting = 已请求重新开机
history-event-started = 实例已恢复运行
history-event-start_failed = 实例没有重新开机，继续尝试
history-event-start_abandoned = 实例没有重新开机，已停止尝试
history-event-distributing = 已请求阿里云分发镜像
history-event-distributed = 镜像已分发到一个地域
history-event-distribution_failed = 镜像分发到一个地域失败
history-event-creating = 已请求阿里云创建镜像
history-event-restarted = 第一次没能开始创建，已重试
history-event-looked_up = 阿里云没有响应，检查镜像是否已开始创建
history-event-stalled = 暂时无法查询镜像进度
history-event-issued = 阿里云开始创建镜像
history-event-available = 镜像已就绪
history-event-failed = 镜像创建失败
history-event-appeared = 镜像延迟完成
history-event-retried = { $who } 重新开始
history-event-signed_off = { $who } 事后复核
standing-pending = { $has_needs ->
    [yes] { $id }：{ $needs }。
   *[no] { $id } 正在等待审批。
}请在 { $until } 前审批。
standing-approved = { $id } 已批准，{ $has_waits ->
    [yes] 但还没有开始：{ $waits }。
   *[no] 即将开始。
}
standing-creating = { $id }：阿里云正在创建镜像，已完成 { $percent }%。
standing-available = { $id } 已完成，镜像 ID 是 { $image }。
standing-rejected = { $who } 拒绝了 { $id }{ $has_reason ->
    [yes] ：“{ $reason }”
   *[no] 。
}
standing-expired = { $until } 之前没有人批准 { $id }。用 `/image again` 加 ID 可以打开已填好的表单。
standing-cancelled = { $who } 取消了 { $id }{ $has_reason ->
    [yes] ：“{ $reason }”
   *[no] 。
}
standing-failed = { $id } 失败了。
why-allowed = 可以，你有权限{ $what }。
why-denied = 不可以，你没有权限{ $what }。
anyone = 这个工作区的任何人
why-approvers = 可以审批的人：{ $people }。
advice-deny = 这是被明确禁止的。请修改申请，或让管理员修改规则。
advice-policies = 你需要以下策略之一：{ $policies }。
advice-people = 以下人员有权限：{ $people }。
advice-ask = { $has_channel ->
    [yes] 请到 { $channel } 询问管理员。
   *[no] 请询问 image-bot 的管理员。
}
button-unreadable = 无法再识别这个按钮，请重新输入命令。
why-rule = { $has_rule ->
    [yes] 规则“{ $rule }”
   *[no] {""}
}{ $count ->
    [0] 不需要审批
   *[other] 需要 { $count } 人批准
}。
whoami = 你是 { $user }。
    { "*用户组*" }：{ $groups }
    { "*策略*" }：{ $policies }
    { $actions }
whoami-may = :white_check_mark: 你可以{ $what }
whoami-may-not = :heavy_minus_sign: 你不能{ $what }
whoami-none = 无
may-create = 申请镜像
may-approve = 批准和拒绝申请
may-cancel = 取消他人的申请
may-bypass = 在紧急情况下跳过审批
may-stop-workstation = 将该工作站关机
may-stop-desktop = 将该云电脑关机
may-distribute = 将镜像复制到所选地域
may-read = 查看他人的申请
answer-name-unusual = 阿里云可能不接受名称“{ $name }”。名称通常为 2–128 个字符，以字母开头，可包含字母、数字、冒号、连字符和下划线。
answer-regions-unchecked = 阿里云暂时无法列出地域，因此没有核对所填的地域。如果不能分发，会在消息列中说明。
approver-delegated = { $who }（或 { $to }）
approvers = { $count ->
    [0] 已经没有人可以审批 { $id }，或者它不再需要批准。
   *[other] 还可以审批 { $id } 的人：{ $people }。
}{ $has_needs ->
    [yes] { $needs }。
   *[no] {""}
}

## 委托

delegated-now = { $delegate } 在 { $until } 之前可以代你审批。你自己也可以审批，但合计只算一个批准。用 `/image delegate off` 结束委托。
delegated-ended = { $delegate } 不能再代你审批。
delegations-none = 你没有委托。用 `/image delegate @name until friday` 可以让他人代你审批。
delegated = { $delegate } 在 { $until } 之前可以代你审批。
received-now = 你在 { $until } 之前可以代 { $delegator } 审批。你不会得到对方的其他权限。
received-ended = 你不能再代 { $delegator } 审批。
received = 你在 { $until } 之前可以代 { $delegator } 审批。

## 紧急跳过审批

emergency-ask = *跳过审批？* { $channel } 会看到你的姓名和理由，须有人事后复核。
    { $machine } 的镜像将不经{ $has_rule ->
    [yes] 规则“{ $rule }”要求的批准
   *[no] 审批
}直接创建。现在还没有提交。
emergency-title = 跳过审批？
emergency-sure = 将立即开始创建“{ $name }”。频道会收到通知，须有人事后复核。
emergency-yes = 跳过审批
emergency-no = 返回

## 通知管理员

admin-audit-unkeyed = :warning: *审计日志没有密钥。* 任何能写入数据库的人都可以修改它而不被发现。请设置 AUDIT_KEY 并重启。
admin-broken = :warning: *修改后的白名单无法使用。* 修正之前，仍按修改前的规则执行。
admin-warned = :warning: *白名单已生效，但有些内容不起作用，或实际含义与字面不同。*
admin-more = ……还有 { $count } 条：用 `image-bot policy check` 查看全部。
admin-fixed = :white_check_mark: *白名单已修正。* 现在起按新规则执行：{ $policies } 个策略、{ $rules } 条审批规则。

## 命令中的错误

did-you-mean = 是不是想输入 { $meant }？
mistake-subcommand-unknown = 没有命令 { $given }。{ $did_you_mean }可以使用：{ $allowed }
mistake-create-missing = 要为 { $given } 申请镜像，请在前面加上 `create`：`/image create …`。
mistake-on-the-card = 请使用申请卡片上的按钮。`/image list pending` 列出等待审批的申请，`/image show` 加 ID 会显示按钮。
mistake-quote-open = { $given } 处的引号没有闭合，请在文本末尾补上。
mistake-flag-unknown = 没有参数 { $given }。{ $did_you_mean }可以使用：{ $allowed }
mistake-flag-twice = { $given } 用了两次，请只用一次。
mistake-flag-needs-value = { $given } 后面需要一个值。
mistake-switch-value = 这个参数不能带 { $given }。请单独使用，或去掉它。{ $did_you_mean }
mistake-words-extra = 不确定 { $given } 属于哪个参数。带空格的文本请加引号：`--reason "用于新构建"`。
mistake-page-unknown = { $given } 不是页码。请写数字：`--page 2`。
mistake-request-missing = 哪个申请？请在 { $given } 后面加上 ID：`r-…`。`/image list` 列出你的申请。
mistake-scope-unknown = 没有列表 { $given }。{ $did_you_mean }可以使用：{ $allowed }
mistake-person-unknown = { $given } 不是这个工作区的人。请输入 `@` 并从 Slack 的列表中选择。
mistake-time-missing = 到什么时候？请加上日期或时间：`until friday`、`until 2026-12-01`、`until 18:00`、`2d`。
mistake-time-unknown = 无法识别时间 { $given }。请试试 `22:00`、`周五 22:00`、`明天`、`2026-12-01 22:00` 或 `2d`。
mistake-zone-unknown = Slack 暂时无法告知你的时区，因此无法识别 { $given }。请一分钟后再试。
mistake-command-long = 这个命令有 { $given } 个字符，按钮最多容纳 { $allowed } 个。请缩短描述。
mistake-text-long = 共 { $given } 个字符，命令最多 { $allowed } 个；较长的文本请使用表单。
mistake-text-words = 共 { $given } 个词和参数，命令最多 { $allowed } 个。带空格的文本请加引号。
mistake-channels-many = 最多可以通知 { $allowed } 个频道，而不是 { $given } 个。
mistake-channel-unknown = { $given } 不是频道。请输入 `#` 并从 Slack 的列表中选择。

## 字段中的错误

problem-instance-id-missing = 请选择实例，或填写实例 ID（{ $allowed }）。
problem-instance-id-shape = “{ $given }”不像是实例 ID。请使用字母、数字和连字符（{ $allowed }）。
problem-instance-type-missing = 无法判断实例类型。ID 应以 `ws-` 或 `ecd-` 开头；其他 ID 请选择类型：{ $allowed }。
problem-instance-type-unknown = 没有实例类型“{ $given }”。可选：{ $allowed }。
problem-instance-type-mismatch = 类型“{ $given }”与 ID 不符，这个 ID 是 { $allowed }。
problem-sub-instance-id-shape = “{ $given }”不像是会话 ID。请使用字母、数字和连字符（{ $allowed }）。
problem-sub-instance-id-needs-workstation = 只有工作站才有会话。请去掉“{ $given }”（{ $allowed }）。
problem-image-name-length = 镜像名称“{ $given }”太长，最多 { $allowed } 个字符。
problem-description-length = 描述“{ $given }”太长，最多 { $allowed } 个字符。
problem-disk-type-unknown = 没有磁盘类型“{ $given }”。可选：{ $allowed }。
problem-auto-clean-userdata-unknown = “{ $given }”不是“是”或“否”。请使用 { $allowed }。
problem-auto-clean-userdata-needs-desktop = 只有无影云电脑才能选择不保留用户数据（{ $allowed }）。请去掉这个选项。
problem-tag-shape = “{ $given }”不是标签。请写成 { $allowed }，值中有逗号时请加引号。
problem-tag-length = 标签“{ $given }”太长，键和值各最多 { $allowed } 个字符。
problem-tag-value-missing = 标签“{ $given }”没有值。请写成 { $allowed }。
problem-tag-ambiguous = “{ $given }”可以理解为一个标签，也可以理解为多个（{ $allowed }）。请每行写一个标签，或给值加引号。
problem-tag-reserved = 标签“{ $given }”不能这样开头：这是阿里云保留的（{ $allowed }）。
problem-tag-own = 标签“{ $given }”由机器人自己使用，请去掉。
problem-tag-duplicate = 标签“{ $given }”重复了，每个键只能有一个值。
problem-tag-count = 共 { $given } 个标签，最多可以加 { $allowed } 个。
problem-notify-count = 最多可以通知 { $allowed } 个频道，而不是 { $given } 个。
problem-notify-shape = “{ $given }”不是频道。请输入 `{ $allowed }` 并从 Slack 的列表中选择。
problem-region-unknown = 阿里云不能把镜像分发到“{ $given }”。{ $has_allowed ->
    [yes] {""}是不是 { $allowed }？
   *[no] {""}
}
problem-region-shape = “{ $given }”不是地域。请写成 { $allowed } 这样的形式。

## 阿里云的错误

cloud-instance-not-found = 阿里云上没有这个实例。请核对 ID，以及账号和地域是否正确。
cloud-desktop-not-found = 阿里云上没有这台无影云电脑。请核对 ID，以及账号和地域是否正确。
cloud-image-unsupported = 阿里云不支持为这种实例创建镜像。
cloud-physical-node-missing = 该实例所在的物理节点不存在，请联系管理员。
cloud-task-exists = 该实例的另一个镜像正在创建，请等它完成。
cloud-builder-quota = 阿里云上正在创建的镜像数量已达上限，请等待其中一个完成。
cloud-base-image-not-configured = 该实例的基础镜像没有在阿里云上配置好，请联系管理员。
cloud-image-record-failed = 阿里云没能保存镜像。请重试，如果一直失败请联系管理员。
cloud-image-missing = 该实例使用的镜像已不存在，请联系管理员。
cloud-distribution-not-allowed = 这个镜像不能分发到这个地域，请联系管理员。
cloud-image-update-not-allowed = 该实例使用的镜像现在不能更新，请联系管理员。
cloud-shared-image-not-allowed = 该实例使用的是共享镜像，不能更新，请联系管理员。
cloud-parent-region-missing = 父镜像不在这个地域，请联系管理员。
cloud-internal-error = 阿里云在创建镜像时出错，还不知道镜像是否存在。
cloud-biz-type = 阿里云不接受这个 BizType，请让管理员修改 APPSTREAM_BIZ_TYPE。
cloud-clock = 机器人所在主机的时间不准，阿里云拒绝了调用，请让管理员校准时间。
cloud-nonce-used = 阿里云已经收到过这次调用，还不知道是否成功。
cloud-signature = 阿里云不接受机器人的签名，请让管理员检查访问密钥。
cloud-security-token = 机器人的安全令牌缺失或已过期，请让管理员更新。
cloud-api-not-found = 这个地址没有对应的阿里云接口，请让管理员检查 APPSTREAM_ENDPOINT。
cloud-needs-https = 阿里云只接受 HTTPS，请让管理员检查 APPSTREAM_ENDPOINT。
cloud-forbidden = 机器人的访问密钥没有这个权限，请让管理员在 RAM 策略中添加。
cloud-unavailable = 阿里云暂时不可用，还不知道这次调用是否成功。
cloud-throttled = 调用过于频繁，阿里云要求稍后再试。
cloud-access-key = 阿里云不接受机器人的访问密钥，请让管理员检查。
cloud-parameter = 阿里云不接受其中一个参数。
cloud-other = 阿里云拒绝了调用。
cloud-not-the-cloud = 收到的响应不是来自阿里云，请让管理员检查 APPSTREAM_ENDPOINT 和网络。
cloud-no-answer = 阿里云没有及时响应，还不知道这次调用是否成功。
cloud-unreadable = 无法读取阿里云的响应，还不知道这次调用是否成功。
cloud-server-error = 阿里云出错，还不知道这次调用是否成功。
cloud-instance-state = 实例当前的状态不允许此操作。
cloud-unreachable = 无法连接阿里云，没有发送任何请求。
cloud-credentials = 机器人没有阿里云凭证，请让管理员配置。

## 出错时

copy-command = 对应的命令：
    ```{ $command }```
broken = 出错了（编号 { $reference }）。请重试，或把编号发给管理员。
broken-store = 无法连接数据库，因此没有执行任何操作。请一分钟后再试。
broken-store-unknown = 数据库没有按时响应，不确定是否已保存。重试前请用 `/image list` 查看。
broken-unknown = 这个按钮或表单来自旧版本，机器人已无法识别（编号 { $reference }）。请输入 `/image` 重新开始。
broken-not-allowed = Slack 不允许机器人执行这个操作（编号 { $reference }）。请管理员修正应用的权限：`image-bot doctor` 会指出缺少什么。
broken-late = 表单还没打开，Slack 就停止了等待。请再点一次，或输入 `/image`。

## 帮助

help-title = *为无影云电脑或工作站申请自定义镜像。* `/image` 打开表单，或复制这一行：
    `/image create ws-0buj1s9gm --name build-tools --reason "用于新构建"`
help-more = `/image help create` 查看某个命令的详细说明。
help-group-ask = *申请*
help-group-follow = *跟进*
help-group-approve = *审批*
help-line = { $usage }：{ $does }
does-create = 申请镜像
does-instances = 列出你可以申请镜像的实例
does-why = 查看申请为什么在等待或失败，或你是否可以申请某个镜像
does-whoami = 查看你的权限
does-help = 查看帮助，或某个命令的说明
does-list = 列出申请
does-show = 查看一个申请
does-cancel = 撤回申请
does-retry = 重试失败的申请
does-approvers = 查看还有谁可以审批
does-delegate = 让他人代你审批
does-copy = 把申请转成可以复制的命令
does-again = 按之前的申请填好表单并打开
does-history = 查看申请的历史记录
does-images = 列出通过机器人创建的镜像
help-copy = 显示申请同一镜像的命令，可以复制后修改。
help-again = 打开按之前的申请填好的表单。提交时会重新检查全部内容。
help-history = 根据审计日志显示申请的历史记录。
help-images = 列出通过机器人创建的镜像：你的，以及你有权查看的他人的镜像。可以加上名称或 ID 的一部分来搜索。
help-create = 按名称或 ID 为实例申请镜像。ID 以 `ws-`（工作站）或 `ecd-`（无影云电脑）开头；其他 ID 需要 `--type`。带空格的文本请加引号：
    `/image create ws-0buj1s9gm --name build-tools --reason "用于新构建"`
flag-name = `--name` _文本_ ：镜像名称
flag-description = `--description` _文本_ ：镜像里有什么
flag-type = `--type CloudDesktop` 或 `--type WuyingServer`：ID 不以 `ecd-` 或 `ws-` 开头时使用
flag-instance = `--instance` _ID_ ：多个实例同名时，用它指定实例
flag-sub-instance = `--sub-instance` _ID_ ：工作站的会话
flag-disk = `--disk ALL` 或 `--disk SYSTEM`：镜像包含哪些磁盘
flag-clean-userdata = `--clean-userdata`：不保留用户数据（无影云电脑）
flag-tag = `--tag` _key=value_ ：可以多次使用
flag-reason = `--reason` _文本_ ：审批人会看到
flag-notify = `--notify` _#频道_ ：同时把结果通知到这些频道，最多五个
flag-at = `--at` _时间_ ：不早于这个时间开始，按你的时区：`22:00`、`'周五 22:00'`、`明天`、`4h`
flag-stop-first = `--stop-first`：先关机，完成后再开机
flag-distribute = `--distribute` _地域_ ：镜像完成后分发到该地域，可以多次使用
flag-anyway = `--anyway`：即使你为该实例提交的申请还没有结束，也继续申请
flag-break-glass = `--break-glass`：紧急情况下跳过审批；须填写理由，事后由他人复核
help-instances = 列出你可以申请镜像的实例：名称、类型、系统、状态和 ID。可以加上名称或 ID 的一部分来搜索。
help-list = 列出你的申请，等待审批的排在前面。`/image list pending` 列出等待审批的申请：有权查看时列出所有人的，否则列出你的。`/image list all` 列出所有人的申请。
help-show = 像卡片那样显示一个申请。可以用 ID 或卡片的链接。
help-cancel = 撤回你的、还没有开始创建的申请。ID 后面的文字作为理由。
help-retry = 一天之内重试你失败的申请，沿用原来的批准。
help-why = 加申请 ID：它为什么在等待、被拒绝或失败。加实例和参数：你是否可以申请这个镜像、由哪条规则决定、谁可以审批，或可以找谁。
help-approvers = 显示还有谁可以审批某个申请，不会提醒任何人。
help-whoami = 显示你的用户组、策略、权限和委托。
help-delegate = 让他人在截止时间之前代你批准和拒绝：`friday`（当天结束）、`明天`、`1 dec`、`周五 18:00`、`2d`。对方不会得到你的其他权限，卡片和审计日志中会有双方的姓名，合计只算一个批准。
    `/image delegate off` 结束委托，`/image delegate` 显示你的委托。
help-help = 列出命令，或说明某个命令。
show-card = { $link }
show-card-link = 打开卡片
answer-on-the-card = 请用卡片上的按钮批准或拒绝，按钮如下：
mistake-link-unknown = 没有找到这个链接对应的申请。请在 { $given } 后写上 ID（`r-…`），或复制卡片的链接。
