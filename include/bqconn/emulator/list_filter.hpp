// The property= filters and the orderby= of a list query.
#pragma once

#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Keeps the resources for which the filter (name==X, id==a,b, createdAt>=1700000000000) is true. A
// comma means OR. Throws Refused for an operator, or a field of this kind, that is not known.
void keep_matching(std::vector<ResourcePointer>& resources, Kind kind, std::string_view filter);

// Sorts by "name", "-name", "+createdAt,-name", … Resources that are equal keep their order.
// Throws Refused.
void sort_by(std::vector<ResourcePointer>& resources, Kind kind, std::string_view order);

}  // namespace bqconn::emulator
