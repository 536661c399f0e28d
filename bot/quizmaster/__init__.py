"""One method, one act, one transaction: the rules of the quiz applied to what is remembered."""
