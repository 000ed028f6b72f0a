"""Types of what is written to the catalogue and the stock. Each entry lists fields as ``name:type``."""

TYPES = {
    "catalog-data-base-price-interface": "extension_attributes:{} price:float sku:str store_id:int",
    "catalog-data-category-interface": (
        "available_sort_by:[str] children:str created_at:str custom_attributes:[framework-attribute-interface] "
        "extension_attributes:{} id:int include_in_menu:bool is_active:bool level:int name:str parent_id:int "
        "path:str position:int updated_at:str"
    ),
    "catalog-data-category-product-link-interface": "category_id:str extension_attributes:{} position:int sku:str",
    "catalog-data-category-link-interface": "category_id:str extension_attributes:{} position:int",
    "catalog-data-product-attribute-interface": (
        "apply_to:[str] attribute_code:str attribute_id:int backend_model:str backend_type:str "
        "custom_attributes:[framework-attribute-interface] default_frontend_label:str default_value:str "
        "entity_type_id:str extension_attributes:eav-data-attribute-extension-interface frontend_class:str "
        "frontend_input:str frontend_labels:[eav-data-attribute-frontend-label-interface] is_comparable:str "
        "is_filterable:bool is_filterable_in_grid:bool is_filterable_in_search:bool is_html_allowed_on_front:bool "
        "is_required:bool is_searchable:str is_unique:str is_used_for_promo_rules:str is_used_in_grid:bool "
        "is_user_defined:bool is_visible:bool is_visible_in_advanced_search:str is_visible_in_grid:bool "
        "is_visible_on_front:str is_wysiwyg_enabled:bool note:str options:[eav-data-attribute-option-interface] "
        "position:int scope:str source_model:str used_for_sort_by:bool used_in_product_listing:str "
        "validation_rules:[any]"
    ),
    "catalog-data-product-attribute-media-gallery-entry-extension-interface": "video_content",
    "catalog-data-product-attribute-media-gallery-entry-interface": (
        "content:framework-data-image-content-interface disabled:bool "
        "extension_attributes:catalog-data-product-attribute-media-gallery-entry-extension-interface file:str "
        "id:int label:str media_type:str position:int types:[str]"
    ),
    "catalog-data-product-extension-interface": (
        "bundle_product_options category_links:[catalog-data-category-link-interface] "
        "configurable_product_links:[int] "
        "configurable_product_options:[configurable-product-data-option-interface] discounts:[any] "
        "downloadable_product_links downloadable_product_samples "
        "stock_item:catalog-inventory-data-stock-item-interface website_ids:[int]"
    ),
    "catalog-data-product-interface": (
        "attribute_set_id:int created_at:str custom_attributes:[framework-attribute-interface] "
        "extension_attributes:catalog-data-product-extension-interface id:int "
        "media_gallery_entries:[catalog-data-product-attribute-media-gallery-entry-interface] name:str "
        "options:[any] price:float product_links:[any] sku:str status:int "
        "tier_prices:[catalog-data-product-tier-price-interface] type_id:str updated_at:str visibility:int "
        "weight:float"
    ),
    "catalog-data-product-tier-price-extension-interface": "percentage_value:float website_id:int",
    "catalog-data-product-tier-price-interface": (
        "customer_group_id:int extension_attributes:catalog-data-product-tier-price-extension-interface qty:float "
        "value:float"
    ),
    "catalog-data-product-website-link-interface": "sku:str website_id:int",
    "catalog-data-special-price-interface": (
        "extension_attributes:{} price:float price_from:str price_to:str sku:str store_id:int"
    ),
    "catalog-data-tier-price-interface": (
        "customer_group:str extension_attributes:{} price:float price_type:str quantity:float sku:str website_id:int"
    ),
    "catalog-inventory-data-stock-item-interface": (
        "backorders:int enable_qty_increments:bool extension_attributes:{} is_decimal_divided:bool "
        "is_in_stock:bool is_qty_decimal:bool item_id:int low_stock_date:str manage_stock:bool max_sale_qty:float "
        "min_qty:float min_sale_qty:float notify_stock_qty:float product_id:int qty:float qty_increments:float "
        "show_default_notification_message:bool stock_id:int stock_status_changed_auto:int "
        "use_config_backorders:bool use_config_enable_qty_inc:bool use_config_manage_stock:bool "
        "use_config_max_sale_qty:bool use_config_min_qty:bool use_config_min_sale_qty:int "
        "use_config_notify_stock_qty:bool use_config_qty_increments:bool"
    ),
    "configurable-product-data-configurable-item-option-value-interface": (
        "extension_attributes:{} option_id:str option_value:int"
    ),
    "configurable-product-data-option-interface": (
        "attribute_id:str extension_attributes:{} id:int is_use_default:bool label:str position:int product_id:int "
        "values:[configurable-product-data-option-value-interface]"
    ),
    "configurable-product-data-option-value-interface": "extension_attributes:{} value_index:int",
    "eav-data-attribute-extension-interface": "is_pagebuilder_enabled:bool",
    "eav-data-attribute-frontend-label-interface": "label:str store_id:int",
    "eav-data-attribute-group-extension-interface": "attribute_group_code:str sort_order:str",
    "eav-data-attribute-group-interface": (
        "attribute_group_id:str attribute_group_name:str attribute_set_id:int "
        "extension_attributes:eav-data-attribute-group-extension-interface"
    ),
    "eav-data-attribute-option-interface": (
        "is_default:bool label:str sort_order:int store_labels:[eav-data-attribute-option-label-interface] value:str"
    ),
    "eav-data-attribute-option-label-interface": "label:str store_id:int",
    "eav-data-attribute-set-interface": (
        "attribute_set_id:int attribute_set_name:str entity_type_id:int extension_attributes:{} sort_order:int"
    ),
    "framework-attribute-interface": "attribute_code:str value",
    "framework-data-image-content-interface": "base64_encoded_data:str name:str type:str",
    "inventory-api-data-source-interface": (
        "carrier_links:[any] city:str contact_name:str country_id:str description:str email:str enabled:bool "
        "extension_attributes fax:str latitude:float longitude:float name:str phone:str postcode:str region:str "
        "region_id:int source_code:str street:str use_default_carrier_config:bool"
    ),
    "inventory-api-data-source-item-interface": (
        "extension_attributes:{} quantity:float sku:str source_code:str status:int"
    ),
    "inventory-api-data-stock-extension-interface": (
        "sales_channels:[inventory-sales-api-data-sales-channel-interface]"
    ),
    "inventory-api-data-stock-interface": (
        "extension_attributes:inventory-api-data-stock-extension-interface name:str stock_id:int"
    ),
    "inventory-api-data-stock-source-link-interface": (
        "extension_attributes priority:int source_code:str stock_id:int"
    ),
    "inventory-sales-api-data-sales-channel-interface": "code:str extension_attributes:{} type:str",
}
