package jurisdiction

import "slices"

var africaMiddleEast = slices.Concat(africa, middleEast)
