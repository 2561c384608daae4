internal import EBB

print("axidrawd for EBB firmware \(FirmwareVersion.v281) and \(FirmwareVersion.v303)")
