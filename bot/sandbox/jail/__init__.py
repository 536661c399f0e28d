"""The jail around strangers' code: bubblewrap, namespaces, seccomp, cgroups, dropping root."""
