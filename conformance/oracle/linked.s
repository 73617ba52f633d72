// Empty: its presence lets linked.go declare functions without a body.
