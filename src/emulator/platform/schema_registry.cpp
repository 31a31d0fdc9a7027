// Schema Registry: schemas, field groups and descriptors, in the form that the Accept header asks
// for.
#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/platform/xdm.hpp"

namespace bqconn::emulator {
namespace {

// --- Accept

struct AcceptRule {
    std::string code;
    std::string example;
    std::regex form;  // its first group says how much is shown, its second is the version
};

const AcceptRule& lookup_rule() {
    static const AcceptRule rule{
        "1007-400", "'{xed|xdm'}+json; version=1 (Version should be specified)",
        std::regex(
            R"(application/vnd\.adobe\.x[ed][dm](-full)?(?:-\w+)*\+json; *version=(\d+)(\.\d+)?)")};
    return rule;
}

const AcceptRule& list_rule(Kind kind) {
    static const AcceptRule rule{"1006-400", "'{xed|xdm'}+json",
                                 std::regex(R"(application/vnd\.adobe\.x[ed][dm](-id)?\+json)")};
    static const AcceptRule of_descriptors{
        "1008-400", "xdm-id+json", std::regex(R"(application/vnd\.adobe\.xdm-v2(-id)?\+json)")};
    return kind == Kind::descriptor ? of_descriptors : rule;
}

std::smatch check_accept(const std::string& header, const AcceptRule& rule) {
    std::smatch match;
    if (!std::regex_match(header, match, rule.form)) {
        throw xdm_problem(rule.code, "Accept header invalid",
                          "The supplied Accept header is not valid: " + header +
                              " - A valid Accept value should look like application/vnd.adobe." +
                              rule.example);
    }
    return match;
}

// --- Lists

// The value that a list is ordered by.
Json sort_value(const ResourcePointer& resource, const std::string& field) {
    return field == "updated" || field == "created" ? resource->at(field + "At")
                                                    : json::member(resource->at("body"), field);
}

bool is_selected(const Call& call, const Json& body) {
    return std::ranges::all_of(call.request.query, [&](const auto& parameter) {
        return parameter.first != "property" ||
               holds(property_filter(parameter.second), body,
                     [](std::string_view value, std::string_view text) { return value == text; });
    });
}

Json short_form(const Json& body, Kind kind) {
    if (kind == Kind::descriptor) {
        return body.at("@id");
    }
    Json shown;
    for (const char* const key : {"$id", "meta:altId", "version", "title"}) {
        shown[key] = body.at(key);
    }
    return shown;
}

// "start" is the value of the field after which the page begins, so a page does not end between two
// resources with the same value.
Answer list_registry(const Call& call, Kind kind) {
    constexpr std::size_t largest = 300;
    const std::string accept = call.request.header("Accept");
    const bool is_short = check_accept(accept, list_rule(kind))[1].matched;
    const std::string order = query_value(call.request, "orderby").value_or("updated");
    const auto start = query_value(call.request, "start");
    const std::size_t limit = number_parameter(call.request, "limit", largest, 0, 500);
    const bool descending = order.starts_with('-');
    const std::string field = order.substr(descending ? 1 : 0);
    const auto is_before = [&](const Json& a, const Json& b) { return descending ? b < a : a < b; };
    auto found = all_documents(call.store, *call.sandbox, kind);
    std::erase_if(found, [&](const ResourcePointer& resource) {
        const Json value = sort_value(resource, field);
        const bool is_passed =
            start &&
            !is_before(value.is_string() ? Json(*start) : json::parse_or_null(*start), value);
        return is_passed || !is_selected(call, resource->at("body"));
    });
    std::ranges::stable_sort(found, is_before,
                             [&](const auto& resource) { return sort_value(resource, field); });
    Json results = Json::array();
    Json last;
    Json next;
    for (const auto& resource : found) {
        const Json value = sort_value(resource, field);
        if (results.size() >= std::max<std::size_t>(limit, 1) && value != last) {
            next = last;
            break;
        }
        last = value;
        results.push_back(is_short ? short_form(resource->at("body"), kind) : resource->at("body"));
    }
    const Json page = {{"orderby", order}, {"next", next}, {"count", results.size()}};
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
    if (kind == Kind::descriptor) {
        return json_answer(200, find_registered(call, kind)->at("body"));
    }
    const std::string accept = call.request.header("Accept");
    const std::smatch match = check_accept(accept, lookup_rule());
    const Json& body = find_registered(call, kind, match[2])->at("body");
    return json_answer(
        200, match[1].matched ? full_form(body, xdm_of_sandbox(call.store, *call.sandbox)) : body);
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
        full_form(body, xdm_of_sandbox(call.store, *call.sandbox));
    } catch (const std::invalid_argument& error) {
        throw bad_request(error.what());
    }
    const auto added =
        add_xdm(call.store, *call.sandbox, call.options, kind, crypto::random_hex(id_bytes), body);
    return json_answer(201, added->at("body"));
}

// What a schema's fields mean. Kept, but without an effect.
Answer post_descriptor(const Call& call, Kind kind) {
    constexpr std::size_t id_bytes = 20;
    Json body = check_json_body(call.request);
    const std::string schema = json::string_at(body, "xdm:sourceSchema");
    if (json::string_at(body, "@type").empty() ||
        find_full_schema(call.store, *call.sandbox, schema).is_null()) {
        throw bad_request("@type and the xdm:sourceSchema of an existing schema are required");
    }
    const std::string id = crypto::random_hex(id_bytes);
    body.update({{"@id", id}, {"version", "1"}});
    add_document(call.store, *call.sandbox, kind, id, body);
    return json_answer(201, body);
}

Answer get_stats(const Call& call) {
    return json_answer(
        200, {{"imsOrg", call.options.identity.org_id}, {"tenantId", call.options.lake.tenant}});
}

}  // namespace

ResourcePointer add_xdm(Store& store, const Sandbox& sandbox, const Options& options, Kind kind,
                        const std::string& id, Json body) {
    const std::string collection = kind == Kind::field_group ? "mixins" : "schemas";
    const std::string uri =
        "https://ns.adobe.com/" + options.lake.tenant + "/" + collection + "/" + id;
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
                 {"meta:tenantNamespace", "_" + options.lake.tenant},
                 {"imsOrg", options.identity.org_id},
                 {"meta:sandboxId", sandbox.id}});
    return add_document(store, sandbox, kind, alt_id(uri), std::move(body));
}

void add_schema_registry_routes(Routes& routes) {
    using Handler = Answer (*)(const Call& call, Kind kind);
    for (const Kind kind : {Kind::schema, Kind::field_group, Kind::descriptor}) {
        const std::string collection = schema_registry_path + "/tenant/" + collection_name(kind);
        const auto add = [&](const std::string& endpoint, Handler handler) {
            routes.push_back(
                {endpoint, Access::sandbox, [=](const Call& call) { return handler(call, kind); }});
        };
        // Adobe's Python SDK ends the path of a collection with a slash.
        for (const std::string end : {"", "/"}) {
            add("GET " + collection + end, list_registry);
            add("POST " + collection + end, kind == Kind::descriptor ? post_descriptor : post_xdm);
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
