// Schema Registry: schemas, field groups and descriptors, in the form that the Accept header asks
// for.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/platform/xdm.hpp"

namespace bqconn::emulator {
namespace {

// --- Accept

enum class Lookup { one, list, descriptors };

// application/vnd.adobe.xed-full+json; version=1: the words after "xed", and the major version.
struct Accepted {
    std::set<std::string> words;
    std::string version;

    bool has(const std::string& word) const { return words.contains(word); }
};

std::optional<Accepted> parse_accept(std::string_view header) {
    constexpr std::string_view prefix = "application/vnd.adobe.";
    constexpr std::string_view suffix = "+json";
    const auto semicolon = std::min(header.find(';'), header.size());
    std::string_view form = trim_ascii(header.substr(0, semicolon));
    std::string_view version = header.substr(semicolon);
    if (!form.starts_with(prefix) || !form.ends_with(suffix)) {
        return std::nullopt;
    }
    form.remove_prefix(prefix.size());
    form.remove_suffix(suffix.size());
    const auto words = split(form, '-');
    if (words.front() != "xed" && words.front() != "xdm") {
        return std::nullopt;
    }
    Accepted accepted;
    accepted.words = {words.begin() + 1, words.end()};
    if (!version.empty()) {
        version = trim_ascii(version.substr(1));
        const auto number = version.starts_with("version=") ? version.substr(8) : "";
        accepted.version = number.substr(0, number.find('.'));
        if (accepted.version.empty()) {
            return std::nullopt;
        }
    }
    return accepted;
}

struct LookupRule {
    std::string_view code;
    std::string_view example;
    std::set<std::string> words;
};

const LookupRule& rule_of(Lookup lookup) {
    static const std::array rules{
        LookupRule{
            "1007-400",
            "application/vnd.adobe.'{xed|xdm'}+json; version=1 (Version should be specified)",
            {"full", "notext", "desc", "deprecated", "flat"}},
        LookupRule{"1006-400", "application/vnd.adobe.'{xed|xdm'}+json", {"id"}},
        LookupRule{"1008-400", "application/vnd.adobe.xdm-id+json", {"id", "link", "v2"}}};
    return rules.at(static_cast<std::size_t>(lookup));
}

Accepted check_accept(const Call& call, Lookup lookup) {
    const std::string header = call.request.header("Accept");
    const auto accepted = parse_accept(header);
    const LookupRule& rule = rule_of(lookup);
    if (!accepted || accepted->version.empty() == (lookup == Lookup::one) ||
        !std::ranges::includes(rule.words, accepted->words)) {
        throw xdm_problem(rule.code, "Accept header invalid",
                          "The supplied Accept header is not valid: " + header +
                              " - A valid Accept value should look like " +
                              std::string(rule.example));
    }
    return *accepted;
}

// --- Lists

// The value that a list is ordered by.
Json sort_value(const Json& resource, const std::string& field) {
    return field == "updated" || field == "created" ? resource.at(field + "At")
                                                    : json::member(resource.at("body"), field);
}

bool equals(std::string_view value, std::string_view text) {
    return value == text;
}

// "a==X,b==Y": a comma separates filters, unless what follows it is not one.
std::vector<PropertyFilter> parse_filters(const std::string& text) {
    std::vector<PropertyFilter> filters;
    for (const auto& part : split(text, ',')) {
        auto filter = parse_property_filter(part);
        if (filter) {
            filters.push_back(std::move(*filter));
        } else if (!filters.empty()) {
            filters.back().value += "," + part;
        } else {
            throw bad_request("The query parameter property must be PROPERTY==VALUE");
        }
    }
    return filters;
}

struct RegistryPage {
    ResourceList resources;
    std::string order = "updated";
    Json next;  // the value of "start" for the next page; null if there is none

    Json counts() const {
        return {{"orderby", order}, {"next", next}, {"count", resources.size()}};
    }
};

// A page ends after at least `limit` resources, with the last one that has the same sort value.
RegistryPage registry_page(const Call& call, Kind kind) {
    constexpr std::size_t most = 300;
    RegistryPage page;
    std::vector<PropertyFilter> filters;
    std::optional<std::string> start;
    bool ordered = false;
    for (const auto& [key, value] : call.request.query) {
        if (key == "property") {
            std::ranges::move(parse_filters(value), std::back_inserter(filters));
        } else if (key == "orderby") {
            page.order = value;
            ordered = true;
        } else if (key == "start") {
            start = value;
        }
    }
    const std::size_t limit = number_parameter(call.request, "limit", most, 0, 500);
    const bool descending = page.order.starts_with('-');
    const std::string field = page.order.substr(descending ? 1 : 0);
    const auto is_before = [&](const Json& a, const Json& b) { return descending ? b < a : a < b; };
    ResourceList found;
    for (const auto& resource : all_documents(call.store, *call.sandbox, kind)) {
        const Json value = sort_value(*resource, field);
        const Json first = !start              ? Json()
                           : value.is_string() ? Json(*start)
                                               : json::parse_or_null(*start);
        if ((!start || is_before(first, value)) &&
            std::ranges::all_of(filters, [&](const PropertyFilter& filter) {
                return holds(filter, resource->at("body"), equals);
            })) {
            found.push_back(resource);
        }
    }
    std::ranges::stable_sort(found, [&](const auto& a, const auto& b) {
        return is_before(sort_value(*a, field), sort_value(*b, field));
    });
    // A limit counts only with an order; 0 is as good as none.
    const std::size_t wanted = ordered && limit > 0 ? limit : most;
    for (const auto& resource : found) {
        const Json value = sort_value(*resource, field);
        if (page.resources.size() >= wanted && value != sort_value(*page.resources.back(), field)) {
            page.next = sort_value(*page.resources.back(), field);
            break;
        }
        page.resources.push_back(resource);
    }
    return page;
}

Json short_form(const Json& body) {
    Json shown;
    for (const char* const key : {"$id", "meta:altId", "version", "title"}) {
        shown[key] = body.at(key);
    }
    return shown;
}

Answer list_registry(const Call& call, Kind kind) {
    const Accepted accepted = check_accept(call, Lookup::list);
    const RegistryPage page = registry_page(call, kind);
    Json results = Json::array();
    for (const auto& resource : page.resources) {
        const Json& body = resource->at("body");
        results.push_back(accepted.has("id") ? short_form(body) : body);
    }
    return json_answer(
        200, {{"results", results}, {"_page", page.counts()}, {"_links", {{"next", nullptr}}}});
}

// --- Lookups

Refused unknown_xdm(const std::string& id, const std::string& version) {
    return xdm_problem("1012-404", "Resource Not Found",
                       "Requested resource " + id +
                           (version.empty() ? "" : " with version " + version) + " is not found");
}

ResourcePointer find_registered(const Call& call, Kind kind, const std::string& version) {
    const std::string& id = call.captures.front();
    auto found = call.store.find(kind, *call.sandbox, alt_id(id));
    if (!found || (!version.empty() && version != "1")) {
        throw unknown_xdm(id, version);
    }
    return found;
}

void erase_texts(Json& part) {
    for (const char* const key : {"title", "description"}) {
        if (part.is_object() && json::member(part, key).is_string()) {
            part.erase(key);
        }
    }
    for (Json& member : part) {
        if (member.is_structured()) {
            erase_texts(member);
        }
    }
}

Answer get_registered(const Call& call, Kind kind) {
    const Accepted accepted = check_accept(call, Lookup::one);
    const auto found = find_registered(call, kind, accepted.version);
    Json shown = accepted.has("full") ? full_form(call.store, *call.sandbox, found->at("body"))
                                      : found->at("body");
    if (accepted.has("notext")) {
        erase_texts(shown);
    }
    return json_answer(200, shown);
}

Answer delete_registered(const Call& call, Kind kind) {
    find_registered(call, kind, "");
    call.store.remove(kind, *call.sandbox, alt_id(call.captures.front()));
    return {.status = 204};
}

// --- Schemas and field groups

// Stores a schema or field group with what the registry adds.
ResourcePointer register_xdm(Store& store, const Sandbox& sandbox, const Options& options,
                             Kind kind, const std::string& id, Json body) {
    const std::string uri = schema_uri(options, collection_name(kind), id);
    Json extends = json::array_at(body, "meta:extends");
    for (const Json& part : json::array_at(body, "allOf")) {
        const std::string reference = json::string_at(part, "$ref");
        if (reference.starts_with("https:")) {
            extends.push_back(reference);
        }
    }
    if (kind == Kind::schema) {
        body["meta:class"] = extends.empty() ? Json() : extends.front();
        body["meta:extends"] = extends;
    }
    body.update({{"$id", uri},
                 {"meta:altId", alt_id(uri)},
                 {"meta:resourceType", collection_name(kind)},
                 {"version", "1.0"},
                 {"meta:tenantNamespace", "_" + options.lake.tenant},
                 {"imsOrg", options.identity.org_id},
                 {"meta:sandboxId", sandbox.id},
                 {"meta:registryMetadata",
                  {{"repo:createdDate", store.now()}, {"repo:lastModifiedDate", store.now()}}}});
    return add_document(store, sandbox, kind, alt_id(uri), std::move(body));
}

Answer post_xdm(const Call& call, Kind kind) {
    constexpr std::size_t id_bytes = 16;
    const Json body = check_json_body(call.request);
    for (const char* const key : {"title", "type", "description"}) {
        if (!json::member(body, key).is_string()) {
            throw bad_request(std::string(key) + " must be a string");
        }
    }
    if (json::array_at(body, "allOf").empty()) {
        throw bad_request("allOf must be an array of references");
    }
    const auto is_known = [&](const std::string& id) {
        return is_standard_xdm(id) ||
               call.store.find(Kind::field_group, *call.sandbox, alt_id(id)) != nullptr;
    };
    if (const auto mistake = find_schema_mistake(body, is_known)) {
        throw bad_request("The schema" + mistake->place + " " + mistake->what);
    }
    const auto added = register_xdm(call.store, *call.sandbox, call.options, kind,
                                    crypto::random_hex(id_bytes), body);
    return json_answer(201, added->at("body"));
}

// --- Descriptors: what a schema's fields mean. They are kept, and change nothing.

Answer post_descriptor(const Call& call) {
    constexpr std::size_t id_bytes = 20;
    Json body = check_json_body(call.request);
    const std::string schema = json::string_at(body, "xdm:sourceSchema");
    if (json::string_at(body, "@type").empty() ||
        find_full_schema(call.store, *call.sandbox, schema).is_null()) {
        throw bad_request("@type and the xdm:sourceSchema of an existing schema are required");
    }
    const std::string id = crypto::random_hex(id_bytes);
    body.update({{"@id", id}, {"version", "1"}, {"imsOrg", call.options.identity.org_id}});
    const auto added =
        add_document(call.store, *call.sandbox, Kind::descriptor, id, std::move(body));
    return json_answer(201, added->at("body"));
}

// Grouped by type, or, as "v2", in pages.
Answer list_descriptors(const Call& call) {
    const Accepted accepted = check_accept(call, Lookup::descriptors);
    const RegistryPage page = registry_page(call, Kind::descriptor);
    Json results = Json::array();
    Json by_type = Json::object();
    for (const auto& resource : page.resources) {
        const Json& body = resource->at("body");
        const std::string id = body.at("@id");
        const Json shown = accepted.has("link") ? Json("/tenant/descriptors/" + id)
                           : accepted.has("id") ? Json(id)
                                                : body;
        results.push_back(shown);
        by_type[body.at("@type").get<std::string>()].push_back(shown);
    }
    return json_answer(
        200, accepted.has("v2") ? Json{{"results", results}, {"_page", page.counts()}} : by_type);
}

Answer get_descriptor(const Call& call) {
    return json_answer(200, find_registered(call, Kind::descriptor, "")->at("body"));
}

Answer get_stats(const Call& call) {
    Json counts = Json::object();
    for (const Kind kind : {Kind::schema, Kind::field_group, Kind::descriptor}) {
        counts[collection_name(kind)] = all_documents(call.store, *call.sandbox, kind).size();
    }
    return json_answer(200, {{"imsOrg", call.options.identity.org_id},
                             {"tenantId", call.options.lake.tenant},
                             {"counts", counts}});
}

}  // namespace

void add_schema(Store& store, const Sandbox& sandbox, const Options& options, const std::string& id,
                const Json& body) {
    register_xdm(store, sandbox, options, Kind::schema, id, body);
}

void add_schema_registry_routes(Routes& routes) {
    const auto add = [&](const std::string& method, const std::string& path, auto handler) {
        routes.push_back({method + " " + schema_registry_path + path, Access::sandbox, handler});
    };
    const auto add_collection = [&](const std::string& path, auto list, auto get, auto post,
                                    auto remove) {
        // Adobe's Python SDK ends the path of a collection with a slash.
        for (const std::string end : {"", "/"}) {
            add("GET", path + end, list);
            add("POST", path + end, post);
        }
        add("GET", path + "/{}", get);
        add("DELETE", path + "/{}", remove);
    };
    for (const Kind kind : {Kind::schema, Kind::field_group}) {
        const auto bind = [kind](Answer (*handler)(const Call&, Kind)) {
            return [=](const Call& call) { return handler(call, kind); };
        };
        add_collection("/tenant/" + collection_name(kind), bind(list_registry),
                       bind(get_registered), bind(post_xdm), bind(delete_registered));
    }
    add_collection("/tenant/descriptors", list_descriptors, get_descriptor, post_descriptor,
                   [](const Call& call) { return delete_registered(call, Kind::descriptor); });
    for (const std::string end : {"", "/"}) {
        add("GET", "/stats" + end, get_stats);
    }
}

}  // namespace bqconn::emulator
