"""`make bench`: every benchmark beside its reference, in one run on one machine."""

from benchmarks import ack, page, policy
from benchmarks.table import print_table


def main() -> None:
    """Run them one after the other and print their tables."""
    print_table(ack.run(), "Acknowledgement")
    print_table(policy.run(), "Policy")
    print_table(page.run(), "The playground's page")


if __name__ == "__main__":
    main()
