"""`image-bot doctor`: looks at everything that the settings name, changes nothing, says what to do."""

from bot.process.doctor import report
from bot.process.doctor.examination import OptIns, examine, examine_without_settings
from bot.process.doctor.finding import Finding, Severity

__all__ = ["Finding", "OptIns", "Severity", "examine", "examine_without_settings", "report"]
