#include "emulator/platform/resource.hpp"

#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::vector<FieldRule> common_fields{
    {"name", Json::value_t::string},
    {"description", Json::value_t::string, Presence::may_be_empty},
};

void check_field(const Json& document, const FieldRule& rule, const std::string& place) {
    const std::string path = place.empty() ? rule.path : place + ": " + rule.path;
    const Json* value = &document;
    for (const auto& key : split(rule.path, '.')) {
        const auto found = value->find(key);
        if (found == value->end() && rule.presence != Presence::required) {
            return;
        }
        if (found == value->end()) {
            throw invalid_body(path + " is missing");
        }
        value = &*found;
    }
    if (value->type() != rule.type) {
        throw invalid_body(path +
                           (rule.type == Json::value_t::string ? " must be a " : " must be an ") +
                           Json(rule.type).type_name());
    }
    if (*value == "" && rule.presence != Presence::may_be_empty) {
        throw invalid_body(path + " must not be empty");
    }
}

Answer post_resource(const Call& call, const ResourceKind& kind) {
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    const Json document = check_json_body(call.request);
    Json resource = {{"state", "enabled"},
                     {"createdBy", user},
                     {"updatedBy", user},
                     {"createdClient", call.client},
                     {"updatedClient", call.client},
                     {"imsOrgId", call.options.identity.org_id}};
    for (const auto& rules : {common_fields, kind.fields}) {
        check_fields(document, rules);
        for (const auto& rule : rules) {
            if (rule.path.find('.') == std::string::npos && document.contains(rule.path)) {
                resource[rule.path] = document.at(rule.path);
            }
        }
    }
    kind.check(resource, call);
    const auto added = call.store.add(kind.kind, *call.sandbox, std::move(resource));
    const std::string id = added->at("id");
    return json_answer(
        201, {{"id", id}, {"etag", added->at("etag")}},
        {{"Location", flow_service_path + "/" + collection_name(kind.kind) + "/" + id}});
}

Answer delete_resource(const Call& call, Kind kind) {
    const std::string& id = call.captures.front();
    switch (call.store.remove(kind, *call.sandbox, id)) {
        case Removal::unknown:
            throw unknown_resource(collection_name(kind), id, 404);
        case Removal::in_use:
            throw invalid_request("1418-400",
                                  "The resource " + id +
                                      " is used in one or more flows. Please delete the flows that "
                                      "use it and try again.",
                                  {{"id", id}});
        case Removal::removed:
            break;
    }
    return {.status = 204};
}

}  // namespace

void check_fields(const Json& document, const std::vector<FieldRule>& rules,
                  const std::string& place) {
    if (!document.is_object()) {
        throw invalid_body((place.empty() ? "it" : place) + " must be an object");
    }
    for (const auto& rule : rules) {
        check_field(document, rule, place);
    }
}

void add_resource_routes(Router& router, const ResourceKind& kind) {
    const std::string collection = flow_service_path + "/" + collection_name(kind.kind);
    router.add({"POST", collection, Access::sandbox,
                [kind](const Call& call) { return post_resource(call, kind); }});
    router.add({"GET", collection, Access::sandbox,
                [kind](const Call& call) { return json_answer(200, list_document(call, kind)); }});
    router.add({"GET", collection + "/{}", Access::sandbox, [kind](const Call& call) {
                    const auto found = resource_in_path(call, kind.kind);
                    return json_answer(200, {{"items", Json::array({*found})}});
                }});
    router.add({"DELETE", collection + "/{}", Access::sandbox,
                [kind](const Call& call) { return delete_resource(call, kind.kind); }});
}

ResourcePointer resource_in_path(const Call& call, Kind kind) {
    const std::string& id = call.captures.front();
    auto found = call.store.find(kind, *call.sandbox, id);
    if (!found) {
        throw unknown_resource(collection_name(kind), id, 404);
    }
    return found;
}

Refused unknown_resource(const std::string& collection, const std::string& id, int status) {
    return flow_problem("1439-" + std::to_string(status), "Resource not found",
                        "The requested " + collection + " resource " + id +
                            " is not found. Verify the resource ID before trying again.",
                        {{"id", id}, {"type", collection}});
}

Refused invalid_body(const std::string& message) {
    return older_problem(400, "Invalid request body: " + message);
}

}  // namespace bqconn::emulator
