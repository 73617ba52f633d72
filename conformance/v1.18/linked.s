// Empty: its presence lets engine.go declare a function without a body.
