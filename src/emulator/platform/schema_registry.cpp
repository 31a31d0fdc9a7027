// Schema Registry: schemas and field groups, in the form that the Accept header asks for.
#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// --- Accept

std::smatch check_accept(const std::string& header, const std::regex& form, const char* code,
                         const std::string& example) {
    std::smatch match;
    if (!std::regex_match(header, match, form)) {
        throw xdm_problem(code, "Accept header invalid",
                          "The supplied Accept header is not valid: " + header +
                              " - A valid Accept value should look like application/vnd.adobe." +
                              example);
    }
    return match;
}

// --- Lists

std::string title_of(const ResourcePointer& resource) {
    return resource->at("body").at("title");
}

// By title. "start" is the title after which the page begins, so a page does not end between two
// resources with the same title.
Answer list_registry(const Call& call, Kind kind) {
    static const std::regex form(R"(application/vnd\.adobe\.x(?:ed|dm)(-id)?\+json)");
    const std::string accept = call.request.header("Accept");
    const bool is_short = check_accept(accept, form, "1006-400", "'{xed|xdm'}+json")[1].matched;
    const std::vector<std::string> properties =
        is_short ? std::vector<std::string>{"$id", "meta:altId", "version", "title"}
                 : std::vector<std::string>{};
    const auto start = query_value(call.request, "start");
    const std::size_t limit = number_parameter(call.request, "limit", 300, 1, 500);
    if (query_value(call.request, "orderby").value_or("title") != "title") {
        throw bad_request("The emulator supports only orderby=title");
    }
    auto found = all_documents(call.store, *call.sandbox, kind);
    std::erase_if(found, [&](const ResourcePointer& resource) {
        return (start && title_of(resource) <= *start) ||
               !holds_properties(call.request, resource->at("body"));
    });
    std::ranges::stable_sort(found, {}, title_of);
    Json results = Json::array();
    Json next;
    for (std::size_t i = 0; i < found.size() && next.is_null(); ++i) {
        if (i >= limit && title_of(found[i]) != title_of(found[i - 1])) {
            next = title_of(found[i - 1]);
        } else {
            const Json& body = found[i]->at("body");
            results.push_back(shown_item(body, properties));
        }
    }
    const Json page = {{"orderby", "title"}, {"next", next}, {"count", results.size()}};
    return json_answer(200,
                       {{"results", results}, {"_page", page}, {"_links", {{"next", nullptr}}}});
}

// --- One resource

ResourcePointer find_registered(const Call& call, Kind kind, const std::string& version = "1") {
    const std::string& id = call.captures.front();
    auto found = call.store.find(kind, *call.sandbox, alt_id(id));
    if (!found || version != "1") {
        throw xdm_problem(
            "1012-404", "Resource Not Found",
            "Requested resource " + id + " with version " + version + " is not found");
    }
    return found;
}

Answer get_registered(const Call& call, Kind kind) {
    static const std::regex form(
        R"(application/vnd\.adobe\.x(?:ed|dm)(-full)?(?:-\w+)*\+json; *version=(\d+)(?:\.\d+)?)");
    const std::string accept = call.request.header("Accept");
    const std::smatch match = check_accept(
        accept, form, "1007-400", "'{xed|xdm'}+json; version=1 (Version should be specified)");
    const Json& body = find_registered(call, kind, match[2])->at("body");
    return json_answer(200, match[1].matched ? full_form(body, call.store, *call.sandbox) : body);
}

Answer delete_registered(const Call& call, Kind kind) {
    find_registered(call, kind);
    call.store.remove(kind, *call.sandbox, alt_id(call.captures.front()));
    return {.status = 204};
}

Answer post_xdm(const Call& call, Kind kind) {
    constexpr std::size_t id_bytes = 16;
    const Json body = check_json_body(call.request);
    // Adobe's Python SDK sends a schema without a type.
    for (const std::string key : {"title", "type", "description"}) {
        if (!json::member(body, key).is_string() && (key == "title" || body.contains(key))) {
            throw bad_request(key + " must be a string");
        }
    }
    if (json::array_at(body, "allOf").empty()) {
        throw bad_request("allOf must be an array of references");
    }
    try {
        full_form(body, call.store, *call.sandbox);
    } catch (const std::invalid_argument& error) {
        throw bad_request(error.what());
    }
    const auto added =
        add_xdm(call.store, *call.sandbox, call.options, kind, crypto::random_hex(id_bytes), body);
    return json_answer(201, added->at("body"));
}

Answer get_stats(const Call& call) {
    return json_answer(200, {{"imsOrg", call.options.identity.org_id}, {"tenantId", tenant}});
}

}  // namespace

ResourcePointer add_xdm(Store& store, const Sandbox& sandbox, const Options& options, Kind kind,
                        const std::string& id, Json body) {
    const std::string collection = kind == Kind::field_group ? "mixins" : "schemas";
    const std::string uri = "https://ns.adobe.com/" + tenant + "/" + collection + "/" + id;
    Json extends = json::array_at(body, "meta:extends");
    for (const Json& part : json::array_at(body, "allOf")) {
        const std::string reference = json::string_at(part, "$ref");
        if (reference.starts_with("https:")) {
            extends.push_back(reference);
        }
    }
    if (kind == Kind::schema && !extends.empty()) {
        body.update({{"meta:class", extends.front()}, {"meta:extends", extends}});
    }
    body.update({{"$id", uri},
                 {"meta:altId", alt_id(uri)},
                 {"meta:resourceType", collection},
                 {"version", "1.0"},
                 {"meta:tenantNamespace", "_" + tenant},
                 {"imsOrg", options.identity.org_id},
                 {"meta:sandboxId", sandbox.id}});
    return add_document(store, sandbox, kind, alt_id(uri), std::move(body));
}

void add_schema_registry_routes(Routes& routes) {
    using Handler = Answer (*)(const Call& call, Kind kind);
    for (const Kind kind : {Kind::schema, Kind::field_group}) {
        const std::string collection = schema_registry_path + "/tenant/" + collection_name(kind);
        const auto add = [&](const std::string& endpoint, Handler handler) {
            routes.push_back(
                {endpoint, Access::sandbox, [=](const Call& call) { return handler(call, kind); }});
        };
        // Adobe's Python SDK ends the path of a collection with a slash.
        for (const std::string end : {"", "/"}) {
            add("GET " + collection + end, list_registry);
            add("POST " + collection + end, post_xdm);
        }
        add("GET " + collection + "/{}", get_registered);
        add("DELETE " + collection + "/{}", delete_registered);
    }
    for (const std::string end : {"", "/"}) {
        routes.push_back(
            {"GET " + schema_registry_path + "/stats" + end, Access::sandbox, get_stats});
    }
}

}  // namespace bqconn::emulator
