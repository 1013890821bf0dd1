"""Spanish."""

from vinculo.demo.words.tongue import Texts, Tongue, lines, pairs, titles, trades

SPANISH = Tongue(
    language="es",
    two_surnames=True,
    given=pairs("""
        Lucía Sofía Martina María Julia Paula Valeria Emma Daniela Carla Alba Noa Alma Sara Carmen
        Lola Inés Irene Marta Elena Laura Cristina Beatriz Rocío Nuria Pilar Raquel Silvia Teresa
        Yolanda Ximena Guadalupe Itziar Ainhoa Montserrat Begoña Hugo Mateo Martín Lucas Leo Daniel
        Alejandro Manuel Pablo Álvaro Adrián Enzo Mario Diego David Oliver Marcos Javier Sergio
        Rubén Óscar Iván Raúl Andrés Ángel Jesús Joaquín Víctor Ramón Félix Tomás Agustín César
        Emilio Gonzalo Íñigo Jordi Josep Xavier Unai Iker Facundo Santiago Joaquina Aurelio
    """),
    family=pairs("""
        García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz
        Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez
        Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio
        Marín Sanz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto
        Méndez Cruz Calvo Gallego Vidal León Márquez Herrera Peña Flores Cabrera Campos Vega Fuentes
        Carrasco Diez Reyes Caballero Nieto Aguilar Pascual Santana Herrero Lorenzo Montero Hidalgo
        Giménez Ibáñez Ferrer Durán Santiago Benítez Vargas Mora Vicente Arias Carmona Crespo
        Añón Urrutia Etxeberria Zubizarreta Puig Soler Roca Quiroga Ibarra Villanueva Belmonte
    """),
    roots=pairs("""
        Almendra Azahar Brisamar Cantábrico Cordillera Dehesa Encina Faro Galera Horizonte Jacaranda
        Laguna Levante Maestral Naranjo Olivar Peñalara Quintana Ribera Sabinar Torrealta Ulloa
        Valdemar Yerbabuena Zafiro Alborada Bahía Campanario Duero Esmeralda Fontana Guadalén
        Hontanar Isleta Jarama Llanura Miramar Nevada Otero Piedralba Querencia Retama Solana Tajuña
        Umbría Vergel Xerez Zarzal Altamira Barlovento Cierzo Doñana Estrella Frontera Giralda
        Aurora Añil Cumbres Montecillo Pinares Robledal Salinas Tramontana Valleverde Arrecife
    """),
    trades=trades("""
        Suministros | Supplies | wholesale
        Ferreterías | Hardware | retail
        Conservas | Preserves | food
        Bodegas | Wineries | food
        Transportes | Transport | logistics
        Textil | Textiles | textiles
        Construcciones | Builders | construction
        Electrónica | Electronics | electronics
        Sistemas | Systems | software
        Automoción | Motors | automotive
        Hoteles | Hotels | hospitality
        Clínica | Clinic | health
        Energías | Energy | energy
        Agrícola | Farms | agriculture
        Embalajes | Packaging | wholesale
        Aceros | Steel | metals
        Químicas | Chemicals | chemicals
        Ediciones | Publishing | media
        Academia | Academy | education
        Almacenes | Stores | retail
        Inmobiliaria | Properties | real_estate
        Asesores | Advisers | services
        Seguros | Insurance | finance
        Maquinaria | Machinery | machinery
    """),
    forms=("S.L.", "S.L.", "S.A.", "S.L.U.", "e Hijos, S.L.", "y Cía., S.A."),
    titles=titles("""
        Jefa de compras | buyer
        Responsable de compras | buyer
        Director general | decision_maker
        Gerente | decision_maker
        Propietario | owner
        Directora financiera | finance
        Administración | finance
        Jefe de obra | technical
        Responsable de mantenimiento | technical
        Jefa de almacén | employee
        Comercial | employee
        Secretaría de dirección | employee
        Asesor | adviser
    """),
    salutations=("Sra.", "Sr.", "Dra.", ""),
    interests=("herramienta manual", "vestuario laboral", "tornillería", "iluminación", "embalaje",
               "senderismo", "flamenco", "pádel", "cocina"),
    preferences=("Llamar por la mañana", "Prefiere el correo", "Factura a fin de mes",
                 "No llamar los viernes", "Entrega por el muelle dos"),
    descriptions=lines("""
        Compra dos veces al año y siempre pide tres ofertas.
        Nos conoció en la feria de Zaragoza; quiere muestras antes de decidir.
        Cliente de toda la vida. Decide el almacén, firma la gerencia.
        Abre una segunda nave este año y la necesita equipada en otoño.
    """),
    texts=Texts(
        calls=lines("""
            Pregunta por la entrega de {product}
            Consulta de precio de {product}
            Confirma el pedido de {product}
            Reclamación por {product}
            Recordatorio de la oferta de {product}
            Llamada de seguimiento
            Quiere una muestra de {product}
            Pago de la última factura
            Nuevo contacto en compras
            Condiciones anuales
        """),
        emails=lines("""
            Oferta de {product}
            RE: su consulta sobre {product}
            Ficha técnica de {product}
            Albarán de {product}
            Invitación a la feria de primavera
            Acta de nuestra reunión
            Cambio de la dirección de entrega
            Nueva tarifa de precios
            RE: retraso en la entrega de {product}
            Gracias por su visita
        """),
        meetings=lines("""
            Revisión anual
            Presentación de {product}
            Acuerdo marco para {product}
            Arranque con el equipo de obra
            Negociación de condiciones
            Videollamada sobre {product}
        """),
        visits=lines("""
            Visita al almacén
            Recorrido por la nave nueva
            Demostración de {product}
            Inspección por la reclamación de {product}
            Inventario con el encargado
        """),
        notes=lines("""
            Prefiere {product} de la serie nueva
            La competencia ofrece {product} un cuatro por ciento más barato
            El presupuesto se decide en **marzo**
            La nueva compradora nos conoce de su anterior empresa
            Dos delegaciones se unirán el año que viene
        """),
        bodies=lines("""
            Lo necesitan antes de fin de mes. He prometido respuesta para mañana a mediodía.
            El precio está bien, el plazo no. Hay que pedir un hueco al almacén.
            Dejé un mensaje; vuelve el jueves.
            Quiere tres ofertas para comparar y decide la semana que viene.
            En la última entrega faltaban dos cajas. El abono está en camino.
            Muy contenta con el servicio, quizá nos recomiende a la empresa hermana.
            Piensan en un acuerdo marco de dos años con precios cerrados.
            Pide un cinco por ciento de descuento a partir de doscientas unidades.
            Ha llegado la muestra y la prueban en obra. Hablamos otra vez en dos semanas.
            Lo comentará con la gerencia y devolverá la llamada.
            En verano compras se traslada a la central; nuestro contacto no cambia.
            Ahora no necesitan nada, llamar después de las vacaciones.
        """),
        tasks=lines("""
            Enviar la oferta de {product}
            Devolver la llamada sobre {product}
            Preparar la revisión anual
            Preguntar al almacén por {product}
            Enviar una muestra de {product}
            Comprobar el límite de crédito
            Reclamar el contrato firmado
            Concertar una visita
        """),
        products=("taladros sin cable", "botas de seguridad", "llaves dinamométricas",
                  "focos LED", "tornillos inoxidables", "film de palés", "cascos de soldar",
                  "escaleras", "sierras de mano", "guantes de protección", "compresores",
                  "medidores láser"),
        files=("Oferta.txt", "Notas de obra.txt", "Condiciones.csv"),
    ),
)  # fmt: skip
