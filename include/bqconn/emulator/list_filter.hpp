// The property= filters and the orderby= of a list query.
#pragma once

#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Keeps the resources that match the filter (name==X, id==a,b, createdAt>=1700000000000). A comma
// means OR. Throws Refused for an unknown operator or field.
void keep_matching(std::vector<ResourcePointer>& resources, Kind kind, std::string_view filter);

// Stable sort by "name", "-name", "+createdAt,-name", … Throws Refused.
void sort_by(std::vector<ResourcePointer>& resources, Kind kind, std::string_view order);

}  // namespace bqconn::emulator
