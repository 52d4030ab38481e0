package phone

// canonical returns the one form of a number that people and carriers write in two ways. Whoever texts STOP must be
// found under both.
//
//	Mexico     +52 1 and ten digits becomes +52 and the ten: the 1 of mobiles ended on 2019-08-03 (IFT)
//	Argentina  +54 and ten digits becomes +54 9 and the ten: mobiles called from abroad have the 9 (ENACOM), and no text
//	           comes from another line
//	Brazil     +55, area and eight digits from 6 on becomes +55, area, 9 and the eight: the ninth digit of mobiles reached
//	           the last area on 2016-11-06 (Anatel)
func canonical(s string) string {
	switch {
	case len(s) == len("+5215512345678") && s[:4] == "+521" && s[4] >= '2':
		return "+52" + s[4:]
	case len(s) == len("+541123456789") && s[:3] == "+54" && s[3] >= '1' && s[3] <= '3':
		return "+549" + s[3:]
	case len(s) == len("+551187654321") && s[:3] == "+55" && s[3] != '0' && s[4] != '0' && s[5] >= '6':
		return s[:5] + "9" + s[5:]
	}
	return s
}
