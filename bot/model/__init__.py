"""The plain values of each subject: what the store gives, the quizmaster decides and phrases puts into words."""
