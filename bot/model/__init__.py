"""The plain values of each subject, frozen, for all floors above."""
