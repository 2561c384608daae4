internal import Motion

print("axidrawd-bench: \(Polylines().count) polylines")
