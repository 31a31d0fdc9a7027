// What all Flow Service resources share: reading a body, the answer to a POST, lists, and GET and
// DELETE by id.
#pragma once

#include <string>
#include <vector>

#include "emulator/server/problem.hpp"
#include "emulator/server/router.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

inline const std::string flow_service_path = "/data/foundation/flowservice";

enum class Presence { required, optional, may_be_empty };

// A field of a JSON body: "connectionSpec.id", after the rule for "connectionSpec".
struct FieldRule {
    std::string path;
    Json::value_t type;  // string, object or array
    Presence presence = Presence::required;
};

// Throws Refused unless `document` is an object that follows the rules; the message starts with
// `place` and names the field.
void check_fields(const Json& document, const std::vector<FieldRule>& rules,
                  const std::string& place = {});

// What distinguishes one kind of resource from another.
struct ResourceKind {
    Kind kind;
    // The fields of the body of a POST that only this kind has. They are stored.
    std::vector<FieldRule> fields;
    // Checks the new resource further and adds defaults. Throws Refused, which names fields but
    // never their values.
    void (*check)(Json& resource, const Call& call);
    // What a list can be filtered by, apart from the fields that every kind has: paths such as
    // "flowSpec.id" or "sourceConnectionIds[]".
    std::vector<std::string> filters;
};

// Adds POST and GET of the collection, and GET and DELETE by id.
void add_resource_routes(Router& router, const ResourceKind& kind);

// The resource whose id is in the path. Throws FLOW-1439-404 if it does not exist.
ResourcePointer resource_in_path(const Call& call, Kind kind);

// FLOW-1439-STATUS.
Refused unknown_resource(const std::string& collection, const std::string& id, int status);

// Answers the query over the caller's resources: {"items","_links"} or {"count"}. Throws Refused.
// In list.cpp.
Json list_document(const Call& call, const ResourceKind& kind);

// 400 in the older format.
Refused invalid_body(const std::string& message);

}  // namespace bqconn::emulator
