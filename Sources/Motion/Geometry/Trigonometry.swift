// The only file of Motion that imports the C library: the few functions that Swift itself lacks.
internal import Glibc

func sine(_ x: Double) -> Double { Glibc.sin(x) }
func cosine(_ x: Double) -> Double { Glibc.cos(x) }
func tangent(_ x: Double) -> Double { Glibc.tan(x) }
func arcSine(_ x: Double) -> Double { Glibc.asin(x) }
func arcCosine(_ x: Double) -> Double { Glibc.acos(x) }
func arcTangent(_ y: Double, _ x: Double) -> Double { Glibc.atan2(y, x) }
func power(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
