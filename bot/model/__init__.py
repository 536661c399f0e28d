"""The frozen values of each subject, for all floors above."""
