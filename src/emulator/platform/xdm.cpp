#include "emulator/platform/xdm.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/platform/lake.hpp"

namespace bqconn::emulator {
namespace {

const std::string id_prefix = "https://ns.adobe.com/";

// --- Adobe's own classes and field groups, as far as schemas here use them.

const Json& standard_parts() {
    static const Json parts = json::parse(R"({
"https://ns.adobe.com/xdm/context/profile": {
  "properties": {"_id": {"type": "string", "format": "uri-reference"}}},
"https://ns.adobe.com/xdm/context/experienceevent": {
  "properties": {"_id": {"type": "string", "format": "uri-reference"},
                 "timestamp": {"type": "string", "format": "date-time"},
                 "eventType": {"type": "string"}},
  "required": ["_id", "timestamp"]},
"https://ns.adobe.com/xdm/data/adhoc-v2": {},
"https://ns.adobe.com/xdm/context/profile-person-details": {
  "properties": {"person": {"type": "object", "properties": {
    "name": {"type": "object", "properties": {
      "firstName": {"type": "string"}, "lastName": {"type": "string"},
      "fullName": {"type": "string"}}},
    "birthDate": {"type": "string", "format": "date"}}}}},
"https://ns.adobe.com/xdm/context/profile-personal-details": {
  "properties": {
    "personalEmail": {"type": "object", "properties": {"address": {"type": "string"}}},
    "homeAddress": {"type": "object", "properties": {
      "street1": {"type": "string"}, "city": {"type": "string"},
      "postalCode": {"type": "string"}, "countryCode": {"type": "string"}}}}}
})");
    return parts;
}

// "NAME" of "#/definitions/NAME"; none for other references.
std::optional<std::string> definition_name(const std::string& reference) {
    const std::string prefix = "#/definitions/";
    return reference.starts_with(prefix) ? std::optional(reference.substr(prefix.size()))
                                         : std::nullopt;
}

// --- The full form of a schema

// Merges what `part` and everything that it refers to defines into `full`.
class FullSchema {
  public:
    FullSchema(const Store& store, const Sandbox& sandbox) : store_(store), sandbox_(sandbox) {}

    // `root` is the document that "#/definitions/…" refers to.
    void merge(Json& full, const Json& part, const Json& root, int references = 0) const {
        // A part may refer to itself.
        constexpr int most_references = 8;
        if (references > most_references) {
            return;
        }
        for (const Json& other : json::array_at(part, "allOf")) {
            merge(full, other, root, references);
        }
        if (const std::string reference = json::string_at(part, "$ref"); !reference.empty()) {
            merge_reference(full, reference, root, references + 1);
        }
        for (const auto& [key, value] : part.items()) {
            if (key == "properties") {
                for (const auto& [name, property] : value.items()) {
                    merge(full["properties"][name], property, root, references);
                }
            } else if (key == "items") {
                merge(full["items"], value, root, references);
            } else if (key == "required") {
                for (const Json& name : value) {
                    add_required(full["required"], name);
                }
            } else if (key != "allOf" && key != "$ref" && key != "definitions") {
                full[key] = value;
            }
        }
    }

  private:
    void merge_reference(Json& full, const std::string& reference, const Json& root,
                         int references) const {
        if (const auto name = definition_name(reference)) {
            merge(full, root.at("definitions").at(*name), root, references);
            return;
        }
        const auto group = store_.find(Kind::field_group, sandbox_, alt_id(reference));
        const Json part = group ? group->at("body") : standard_parts().value(reference, Json());
        Json merged;
        merge(merged, part, part, references);
        // Of another document only its fields: the title and description are the schema's own.
        for (const char* const key : {"properties", "required"}) {
            if (merged.contains(key)) {
                merge(full, {{key, merged.at(key)}}, root, references);
            }
        }
    }

    static void add_required(Json& required, const Json& name) {
        if (std::ranges::find(required, name) == required.end()) {
            required.push_back(name);
        }
    }

    const Store& store_;
    const Sandbox& sandbox_;
};

// --- Checks

class SchemaCheck {
  public:
    SchemaCheck(const Json& root, const IsKnownXdm& is_known) : root_(root), is_known_(is_known) {}

    // `place` is where `part` is: "", ".properties.name", ….
    std::optional<SchemaMistake> check(const Json& part, const std::string& place) const {
        if (!part.is_object()) {
            return SchemaMistake{place, "must be an object"};
        }
        if (part.contains("$ref") && !is_reference(part.at("$ref"))) {
            return SchemaMistake{place + ".$ref",
                                 "must refer to an existing class, field group or definition"};
        }
        if (part.contains("type") &&
            std::ranges::find(types, json::string_at(part, "type")) == types.end()) {
            return SchemaMistake{place + ".type", "must be one of: " + join(types, ", ")};
        }
        const Json& required = json::member(part, "required");
        if (!required.is_null() &&
            !(required.is_array() && std::ranges::all_of(required, &Json::is_string))) {
            return SchemaMistake{place + ".required", "must be an array of strings"};
        }
        if (part.contains("items")) {
            if (auto mistake = check(part.at("items"), place + ".items")) {
                return mistake;
            }
        }
        return check_parts(part, place);
    }

  private:
    static constexpr auto types = std::to_array<std::string_view>(
        {"string", "integer", "number", "boolean", "object", "array"});

    std::optional<SchemaMistake> check_parts(const Json& part, const std::string& place) const {
        for (const std::string key : {"properties", "definitions", "allOf"}) {
            const Json& parts = json::member(part, key);
            if (!parts.is_null() && !(key == "allOf" ? parts.is_array() : parts.is_object())) {
                return SchemaMistake{place + "." + key,
                                     key == "allOf" ? "must be an array" : "must be an object"};
            }
            for (const auto& [name, value] : parts.items()) {
                const std::string at = key == "allOf" ? "[" + name + "]" : "." + name;
                if (auto mistake = check(value, place + "." + key + at)) {
                    return mistake;
                }
            }
        }
        return std::nullopt;
    }

    bool is_reference(const Json& value) const {
        if (!value.is_string()) {
            return false;
        }
        const auto name = definition_name(value);
        return name ? json::member(root_, "definitions").contains(*name)
                    : is_known_(value.get<std::string>());
    }

    const Json& root_;
    const IsKnownXdm& is_known_;
};

}  // namespace

std::string alt_id(const std::string& id) {
    if (!id.starts_with(id_prefix)) {
        return id;
    }
    std::string alt = "_" + id.substr(id_prefix.size());
    std::ranges::replace(alt, '/', '.');
    return alt;
}

bool is_standard_xdm(const std::string& id) {
    return standard_parts().contains(id);
}

std::optional<SchemaMistake> find_schema_mistake(const Json& schema, const IsKnownXdm& is_known) {
    return SchemaCheck(schema, is_known).check(schema, "");
}

Json full_form(const Store& store, const Sandbox& sandbox, const Json& body) {
    Json full = {{"properties", Json::object()}};
    FullSchema(store, sandbox).merge(full, body, body);
    full["type"] = "object";
    return full;
}

Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id) {
    const auto found = store.find(Kind::schema, sandbox, alt_id(id));
    return found ? full_form(store, sandbox, found->at("body")) : Json();
}

}  // namespace bqconn::emulator
