// XDM schemas as JSON Schema: the ids, the standard classes and field groups, and the full form.
#pragma once

#include <functional>
#include <string>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

// The meta:altId of a $id: "_acme.schemas.0123" of "https://ns.adobe.com/acme/schemas/0123".
std::string alt_id(const std::string& id);

// The class or field group with that $id; null if it is unknown.
using FindXdm = std::function<json::Json(const std::string& id)>;

// Adobe's own: the emulator has a few.
json::Json find_standard_xdm(const std::string& id);

// A schema or field group with everything that it refers to merged into "properties" and
// "required", at every level. Throws std::invalid_argument, which says where and what, if it cannot
// be resolved.
json::Json full_form(const json::Json& schema, const FindXdm& find);

}  // namespace bqconn::emulator
