"""`make bench`: every benchmark beside its reference, in one run on one machine."""

from benchmarks import ack, policy
from benchmarks.table import print_table


def main() -> None:
    """Run them one after the other and print their tables."""
    print_table(ack.run(), "Acknowledgement")
    print_table(policy.run(), "Policy")


if __name__ == "__main__":
    main()
