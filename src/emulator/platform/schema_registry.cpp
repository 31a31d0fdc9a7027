// Schema Registry: schemas, field groups and descriptors.
#include <algorithm>
#include <string>
#include <utility>

#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::string xdm = "https://ns.adobe.com/";

// The meta:altId of a $id: "_acme.schemas.0123" of "https://ns.adobe.com/acme/schemas/0123".
std::string alt_id(const std::string& id) {
    if (!id.starts_with(xdm)) {
        return id;
    }
    std::string alt = "_" + id.substr(xdm.size());
    std::ranges::replace(alt, '/', '.');
    return alt;
}

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
        if (reference.starts_with("#/")) {
            const Json::json_pointer pointer(reference.substr(1));
            if (root.contains(pointer)) {
                merge(full, root.at(pointer), root, references);
            }
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

}  // namespace

Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id) {
    const auto found = store.find(Kind::schema, sandbox, alt_id(id));
    if (!found) {
        return {};
    }
    const Json& body = found->at("body");
    Json full = {{"properties", Json::object()}};
    FullSchema(store, sandbox).merge(full, body, body);
    full["type"] = "object";
    return full;
}

}  // namespace bqconn::emulator
