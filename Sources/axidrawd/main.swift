internal import EBB

print("axidrawd for EBB firmware \(FirmwareVersion.v2_8_1) and \(FirmwareVersion.v3_0_3)")
