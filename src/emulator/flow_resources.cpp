#include "bqconn/emulator/flow_resources.hpp"

#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/list_query.hpp"

namespace bqconn::emulator {
namespace {

Answer remove(const Call& call, Store& store, Kind kind) {
    const std::string& id = call.captures.front();
    switch (store.remove(kind, *call.sandbox, id)) {
        case Removal::unknown:
            throw unknown_resource(collection_name(kind), id, 404);
        case Removal::in_use:
            throw flow_problem("1418-400", "Invalid request",
                               "The resource " + id +
                                   " is used in one or more flows. Please delete the flows that "
                                   "use it and try again.",
                               {{"id", id}});
        case Removal::removed:
            break;
    }
    Answer answer;
    answer.status = 204;
    return answer;
}

}  // namespace

Refused invalid_body(const std::string& message) {
    return older_problem(400, "Invalid request body: " + message);
}

const Json& object_at(const Json& document, const std::string& key, const std::string& path) {
    const auto found = document.find(key);
    if (found == document.end()) {
        throw invalid_body(path + " is missing");
    }
    if (!found->is_object()) {
        throw invalid_body(path + " must be an object");
    }
    return *found;
}

std::string text_at(const Json& document, const std::string& key, const std::string& path) {
    const auto found = document.find(key);
    if (found == document.end()) {
        throw invalid_body(path + " is missing");
    }
    if (!found->is_string()) {
        throw invalid_body(path + " must be a string");
    }
    auto text = found->get<std::string>();
    if (text.empty()) {
        throw invalid_body(path + " must not be empty");
    }
    return text;
}

Resource read_resource(const Json& document, const Call& call, const std::string& org_id) {
    if (!document.is_object()) {
        throw invalid_body("it must be an object");
    }
    Resource resource;
    resource.name = text_at(document, "name", "name");
    if (document.contains("description")) {
        const Json& description = document.at("description");
        if (!description.is_string()) {
            throw invalid_body("description must be a string");
        }
        resource.description = description.get<std::string>();
    }
    resource.sandbox_id = call.sandbox->id;
    resource.sandbox_name = call.sandbox->name;
    resource.org_id = org_id;
    resource.created_client = call.client;
    resource.updated_client = call.client;
    return resource;
}

ResourcePointer resource_in_path(const Call& call, const Store& store, Kind kind) {
    const std::string& id = call.captures.front();
    auto found = store.find(kind, *call.sandbox, id);
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

Answer create(Store& store, Kind kind, Resource resource) {
    const auto added = store.add(kind, std::move(resource));
    Answer answer = json_answer(201, {{"id", added->id}, {"etag", added->etag}});
    answer.headers.emplace_back("Location",
                                flow_service_path + "/" + collection_name(kind) + "/" + added->id);
    return answer;
}

void add_resource_routes(Router& router, Store& store, Kind kind) {
    const std::string collection = flow_service_path + "/" + collection_name(kind);
    router.add({"GET", collection, Access::sandbox,
                [&store, kind, page_key = crypto::random_hex(8)](const Call& call) {
                    return json_answer(200, list_document(store.list(kind, *call.sandbox), kind,
                                                          call.request.query, page_key));
                }});
    router.add({"GET", collection + "/{}", Access::sandbox, [&store, kind](const Call& call) {
                    const auto found = resource_in_path(call, store, kind);
                    return json_answer(200, {{"items", Json::array({resource_document(*found)})}});
                }});
    router.add({"DELETE", collection + "/{}", Access::sandbox,
                [&store, kind](const Call& call) { return remove(call, store, kind); }});
}

}  // namespace bqconn::emulator
