// What all Flow Service resources share: reading a body, lists, GET and DELETE by id, and the
// answer to a POST.
#pragma once

#include <optional>
#include <string>

#include "bqconn/emulator/problem.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline const std::string flow_service_path = "/data/foundation/flowservice";

// 400 in the older format.
Refused invalid_body(const std::string& message);

// The object at `key`. Throws Refused, which calls it `path`, if it is missing or not an object.
const Json& object_at(const Json& document, const std::string& key, const std::string& path);

// The non-empty string at `key`. Throws Refused.
std::string text_at(const Json& document, const std::string& key, const std::string& path);

// Reads what every POST has: a name and an optional description; sets the caller's sandbox. Throws
// Refused if `document` is not an object.
Resource read_resource(const Json& document, const Call& call, const std::string& org_id);

// The resource whose id is in the path; FLOW-1439-404 if it does not exist.
ResourcePointer resource_in_path(const Call& call, const Store& store, Kind kind);

// FLOW-1439-STATUS.
Refused unknown_resource(const std::string& collection, const std::string& id, int status);

// Stores `resource` and returns the 201.
Answer create(Store& store, Kind kind, Resource resource);

// Adds GET of the collection, and GET and DELETE by id. `store` must outlive `router`.
void add_resource_routes(Router& router, Store& store, Kind kind);

}  // namespace bqconn::emulator
