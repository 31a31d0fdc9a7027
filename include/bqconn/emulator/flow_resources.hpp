// What the resources of Flow Service have in common: the reading of a body, lists, GET and DELETE
// by id, and the answer to a POST.
#pragma once

#include <optional>
#include <string>

#include "bqconn/emulator/problem.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline const std::string flow_service_path = "/data/foundation/flowservice";

// 400 in the older form.
Refused invalid_body(const std::string& message);

// The object at `key`; refused if it is missing or something else. `path` is its name in the
// refusal.
const Json& object_at(const Json& document, const std::string& key, const std::string& path);

// The string at `key`, not empty; else refused.
std::string text_at(const Json& document, const std::string& key, const std::string& path);

// What every POST asks for: a name, maybe a description, in the caller's sandbox. Throws Refused
// if `document` is no object.
Resource read_resource(const Json& document, const Call& call, const std::string& org_id);

// What the id in the path stands for; FLOW-1439-404 if there is no such resource.
ResourcePointer resource_in_path(const Call& call, const Store& store, Kind kind);

// FLOW-1439-STATUS.
Refused unknown_resource(const std::string& collection, const std::string& id, int status);

// Stores `resource` and gives the 201.
Answer create(Store& store, Kind kind, Resource resource);

// GET of the collection; GET and DELETE by id. `store` must outlive `router`.
void add_resource_routes(Router& router, Store& store, Kind kind);

}  // namespace bqconn::emulator
