// XDM schemas as JSON Schema: the ids, and the full form.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "emulator/platform/lake.hpp"

namespace bqconn::emulator {
namespace {

const std::string id_prefix = "https://ns.adobe.com/";

const Json& standard_xdm() {
    static const Json parts = json::parse(R"({
"https://ns.adobe.com/xdm/context/profile": {
  "properties": {"_id": {"type": "string", "format": "uri-reference"}}},
"https://ns.adobe.com/xdm/context/experienceevent": {
  "required": ["_id", "timestamp"],
  "properties": {"_id": {"type": "string", "format": "uri-reference"},
                 "timestamp": {"type": "string", "format": "date-time"},
                 "eventType": {"type": "string"}}},
"https://ns.adobe.com/xdm/context/profile-person-details": {
  "properties": {"person": {"type": "object", "properties": {
    "name": {"type": "object", "properties": {
      "firstName": {"type": "string"}, "lastName": {"type": "string"}, "fullName": {"type": "string"}}},
    "birthDate": {"type": "string", "format": "date"}}}}},
"https://ns.adobe.com/xdm/context/profile-personal-details": {
  "properties": {
    "personalEmail": {"type": "object", "properties": {"address": {"type": "string"}}},
    "homeAddress": {"type": "object", "properties": {
      "street1": {"type": "string"}, "city": {"type": "string"}, "postalCode": {"type": "string"}}}}}
})");
    return parts;
}

void check(bool condition, const std::string& message) {
    if (!condition) {
        throw std::invalid_argument(message);
    }
}

class Resolver {
  public:
    Resolver(const Store& store, const Sandbox& sandbox) : store_(store), sandbox_(sandbox) {}

    // Merges `part` of `root` into `full`.
    void merge(Json& full, const Json& part, const Json& root, int references = 0) const {
        check(part.is_object(), "every part of a schema must be an object");
        for (const auto& [key, value] : part.items()) {
            if (key == "properties") {
                check(value.is_object(), "properties must be an object");
                for (const auto& [name, property] : value.items()) {
                    merge(full[key][name], property, root, references);
                }
            } else if (key == "allOf") {
                check(value.is_array(), "allOf must be an array");
                for (const Json& other : value) {
                    merge(full, other, root, references);
                }
            } else if (key == "items") {
                merge(full[key], value, root, references);
            } else if (key == "required") {
                merge_required(full[key], value);
            } else if (key == "$ref") {
                merge_reference(full, value, root, references + 1);
            } else if (key != "definitions") {
                full[key] = value;
            }
        }
    }

  private:
    static void merge_required(Json& full, const Json& names) {
        check(names.is_array() && std::ranges::all_of(names, &Json::is_string),
              "required must be an array of names");
        for (const Json& name : names) {
            if (std::ranges::find(full, name) == full.end()) {
                full.push_back(name);
            }
        }
    }

    void merge_reference(Json& full, const Json& reference, const Json& root,
                         int references) const {
        constexpr int most_references = 8;
        const std::string prefix = "#/definitions/";
        const std::string id = reference.is_string() ? reference.get<std::string>() : "";
        check(references <= most_references, "a $ref refers to itself");
        if (id.starts_with(prefix)) {
            merge(full, json::member(json::member(root, "definitions"), id.substr(prefix.size())),
                  root, references);
            return;
        }
        const auto group = store_.find(Kind::field_group, sandbox_, alt_id(id));
        const Json part = group ? group->at("body") : standard_xdm().value(id, Json());
        check(!part.is_null(), "every $ref must be the $id of a class or field group");
        Json merged = Json::object();
        merge(merged, part, part, references);
        // Only its fields: title and description are the schema's own.
        for (const char* const key : {"properties", "required"}) {
            if (merged.contains(key)) {
                merge(full, {{key, merged.at(key)}}, root, references);
            }
        }
    }

    const Store& store_;
    const Sandbox& sandbox_;
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

Json full_form(const Json& schema, const Store& store, const Sandbox& sandbox) {
    Json full = {{"type", "object"}, {"properties", Json::object()}};
    Resolver(store, sandbox).merge(full, schema, schema);
    return full;
}

}  // namespace bqconn::emulator
