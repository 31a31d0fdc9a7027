// The property= filters and the orderby= of a list query.
#pragma once

#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Keeps the connections for which the filter (name==X, id==a,b, createdAt>=1700000000000) is true.
// A comma means OR. Throws Refused for a field or operator that is not known.
void keep_matching(std::vector<ConnectionPointer>& connections, std::string_view filter);

// Sorts by "name", "-name", "+createdAt,-name", … Connections that are equal keep their order.
// Throws Refused.
void sort_by(std::vector<ConnectionPointer>& connections, std::string_view order);

}  // namespace bqconn::emulator
