"""The jail around strangers' code: namespaces, seccomp, control groups, and the probe that tries them."""
